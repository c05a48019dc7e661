/** Fields of events whose flag has another name. */
const OTHERS: Readonly<Record<string, string>> = {
  ...{ actor: "by", accounts: "account", belongsTo: "pinOf" },
  ...{ pageSize: "page", targetMinutes: "target" },
};

/** The option, as the parser of the command line calls it, that says a field of an event. */
export function optionOf(field: string): string {
  return OTHERS[field] ?? field;
}

/** How the command line calls a field of an event. */
export function flagOf(field: string): string {
  return `--${optionOf(field).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
