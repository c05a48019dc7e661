/** The recovery page, built from the sources under `root`. */
export function recoveryPage(root: URL, version: string): Promise<string>;
