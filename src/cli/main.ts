import { run } from "./run.ts";

await run(async (root, first) => {
  const { SLIP_COMMANDS, addSlipCommands } = await import("./slip-commands.ts");
  addSlipCommands(root);
  if (SLIP_COMMANDS.includes(first ?? "")) return;
  const { addRegisterCommands } = await import("./register-commands.ts");
  addRegisterCommands(root);
});
