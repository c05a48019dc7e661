export interface DoctorOptions {
  readonly register?: string;
  readonly json?: boolean;
}
export function doctor(_o: DoctorOptions, _n: Date): number {
  return 0;
}
