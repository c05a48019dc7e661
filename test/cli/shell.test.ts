import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { execFileSync, spawnSync } from "../child.ts";
import { needs } from "../tools.ts";
import { BINARY, breakglass } from "./breakglass.ts";

/** A folder with a register in it, and the environment in which `breakglass` is a command. */
function place(): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = mkdtempSync(join(tmpdir(), "shell-"));
  const by = ["--by", "Sample Lead"];
  breakglass(["init", "--tenant", "contoso.onmicrosoft.com", ...by], { cwd });
  breakglass(["account", "add", "bg-1@contoso.onmicrosoft.com", ...by], { cwd });
  writeFileSync(
    join(cwd, "breakglass"),
    `#!/bin/sh\nexec '${process.execPath}' '${BINARY}' "$@"\n`,
  );
  chmodSync(join(cwd, "breakglass"), 0o755);
  return {
    cwd,
    env: { ...process.env, HOME: cwd, PATH: `${cwd}${delimiter}${process.env["PATH"]!}` },
  };
}

const HELPER = "/usr/share/bash-completion/bash_completion";

test.skipIf(needs(HELPER))(
  "bash completes commands, flags and the accounts of the register",
  () => {
    const complete = (line: string): string =>
      execFileSync(
        "bash",
        [
          "-c",
          `source ${HELPER}; source <(breakglass complete bash); COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}
         read -ra COMP_WORDS <<<"$COMP_LINE"; [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
         COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); __breakglass_complete; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        { encoding: "utf8", ...place() },
      );
    expect(complete("breakglass rot")).toMatch(/^rotate\b/);
    expect(complete("breakglass recover --st")).toContain("--stdout");
    expect(complete("breakglass rotate bg")).toContain("bg-1@contoso.onmicrosoft.com");
    expect(complete("breakglass record sea")).toContain("sealed");
  },
);

test.skipIf(needs("fish"))("fish completes the same", () => {
  const complete = (line: string): string =>
    execFileSync("fish", ["-c", `breakglass complete fish | source; complete -C '${line}'`], {
      encoding: "utf8",
      ...place(),
    });
  expect(complete("breakglass rot")).toMatch(/^rotate\b/);
  expect(complete("breakglass rotate b")).toContain("bg-1@contoso.onmicrosoft.com");
});

test.skipIf(needs("zsh"))("zsh takes its script", () => {
  const { stdout } = breakglass(["complete", "zsh"]);
  const ran = spawnSync("zsh", ["-n"], { input: stdout, encoding: "utf8" });
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
});

test("PowerShell has a script too", () => {
  const { stdout, status } = breakglass(["complete", "powershell"]);
  expect(stdout).toContain("Register-ArgumentCompleter");
  expect(status).toBe(0);
});

test.skipIf(needs("groff"))("the manual is sound, names every command and its flags", () => {
  const page = readFileSync(join(BINARY, "../breakglass.1"), "utf8");
  expect(breakglass(["man"]).stdout).toBe(page);
  const ran = spawnSync("groff", ["-man", "-ww", "-Tutf8", "-P-c"], {
    input: page,
    encoding: "utf8",
  });
  expect(ran.stderr).toBe("");
  // Bold is overstruck.
  // eslint-disable-next-line no-control-regex
  const text = ran.stdout.replaceAll(/.\u0008/g, "");
  const help = breakglass(["--help"]).stdout;
  const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
  expect(commands).toContain("recover");
  for (const name of commands.filter((each) => each !== "help"))
    expect(text).toContain(`breakglass ${name} `);
  expect(text).toContain("Exit status: 0 done");
  expect(text).toContain("breakglass recover --stdout - < slips.txt");
});
