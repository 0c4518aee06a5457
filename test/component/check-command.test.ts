import { expect, test } from "vitest";
import { amintHere, configOf, projectWith, smoke, sound } from "../factory/bad-input/here.ts";

const faulty = smoke
  .replace("name: test", "name: build")
  .replace('commands: ["true"]', "commands: ['ping {{ Host }}', '{{ build.Smoke.outputs.stdout }}']");

test("every fault of the named documents is one line with file, line and column, and the exit code is 1", async () => {
  const folder = await projectWith({ "faulty.yaml": faulty, "sound.yaml": smoke });

  const { code, stdout, stderr } = await amintHere([
    "components",
    "check",
    `${folder}faulty.yaml`,
    `${folder}sound.yaml`,
    "amint:smoke",
    `${folder}gone.yaml`,
  ]);

  const prefix = "Parsing step 'Smoke' in phase 'build' failed. Error:";
  expect(stdout.replaceAll(folder, "").split("\n")).toEqual([
    `faulty.yaml:8:28: error: ${prefix} '{{ Host }}' is not a parameter or constant; the document declares none.`,
    `faulty.yaml:8:42: error: ${prefix} '{{ build.Smoke.outputs.stdout }}': a step cannot refer to itself.`,
    'gone.yaml: error: the file "gone.yaml" does not exist (write the document, or name one that exists)',
    "3 faults found.",
    "",
  ]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
});

test("without documents those of the factory's images are checked; warnings leave the exit code 0", async () => {
  const update = smoke
    .replace("name: test", "name: build")
    .replace("ExecuteBash", "UpdateOS")
    .replace('commands: ["true"]', "exclude: [kernel]");
  const base = { ...sound.images.base, components: ["update.yaml"] };
  const folder = await projectWith({
    "factory.config.ts": configOf({ ...sound, images: { base } }),
    "smoke.yaml": smoke,
    "update.yaml": update,
  });

  const { code, stdout } = await amintHere(["components", "check", "--config", `${folder}factory.config.ts`]);

  expect(stdout).toBe(
    "update.yaml:5:1: warning: Step 'Smoke': UpdateOS does not support Amazon Linux 2023, whose dnf is locked to a release." +
      ' (use the component "amint:update-al2023")\n1 warning found.\n',
  );
  expect(code).toBe(0);
});

test("--json has each finding with its place", async () => {
  const folder = await projectWith({ "faulty.yaml": smoke.replace("ExecuteBash", "ExecuteBashh") });
  const document = `${folder}faulty.yaml`;

  const { code, stdout } = await amintHere(["components", "check", "--json", document]);

  expect(JSON.parse(stdout)).toEqual({
    findings: [
      {
        where: `${document}:6:17`,
        what: expect.stringContaining("Unsupported action ExecuteBashh"),
        fix: 'did you mean "ExecuteBash"?',
        place: { document, line: 6, column: 17 },
      },
    ],
  });
  expect(code).toBe(1);
});

test("a key that AWSTOE would ignore is a fault if it looks like a typo", async () => {
  const folder = await projectWith({ "slip.yaml": smoke.replace("name: test", "name: tset") });

  const { code, stdout } = await amintHere(["components", "check", `${folder}slip.yaml`]);

  expect(stdout).toContain(`error: Image Builder does not run a phase 'tset'.`);
  expect(stdout).toContain('(did you mean "test"?)');
  expect(code).toBe(1);
});

test("amint validate reports every fault of a document", async () => {
  const folder = await projectWith({
    "factory.config.ts": configOf({ ...sound, images: { base: { ...sound.images.base, tests: ["faulty.yaml"] } } }),
    "faulty.yaml": faulty,
  });

  const { stdout } = await amintHere(["validate", "--offline", "--config", `${folder}factory.config.ts`]);

  expect(stdout).toContain("faulty.yaml:8:28: ");
  expect(stdout).toContain("faulty.yaml:8:42: ");
  expect(stdout).toContain("\n2 problems found.\n");
});

test("amint components schema prints the JSON schema", async () => {
  const { code, stdout } = await amintHere(["components", "schema"]);

  expect(JSON.parse(stdout)).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#" });
  expect(code).toBe(0);
});

const powershell = smoke.replace("ExecuteBash", "ExecutePowerShell");

test("a document of PowerShell is for Windows, and its scripts are checked", async () => {
  const folder = await projectWith({
    "sound.yaml": powershell,
    "open.yaml": powershell.replace('"true"', '"if ($true) { exit 0"'),
    "mixed.yaml": `${powershell}      - name: Other\n        action: ExecuteBash\n        inputs: { commands: ["true"] }\n`,
  });

  const { code, stdout } = await amintHere([
    "components",
    "check",
    ...["sound.yaml", "open.yaml", "mixed.yaml"].map((name) => folder + name),
    "amint:windows-hardening",
  ]);

  const [open, mixed, sum] = stdout.replaceAll(folder, "").split("\n");
  expect(open).toBe(
    "open.yaml:8:22: error: Parsing step 'Smoke' in phase 'test' failed. Error: PowerShell: Missing closing '}' in statement block or type definition.",
  );
  expect(mixed).toMatch(/^mixed.yaml:10:17: error: .*Unsupported action ExecuteBash for os platform windows/);
  expect(mixed).toContain("(the document's other steps are for Windows: use ExecutePowerShell)");
  expect(sum).toBe("2 faults found.");
  expect(code).toBe(1);
});

test.each([
  ["al2023", powershell, "al2023 is Linux: use ExecuteBash"],
  ["windows-2022", smoke, "windows-2022 is Windows: use ExecutePowerShell"],
])("in an image of %s the other platform's shell is a fault", async (os, document, fix) => {
  const { parent: _, ...base } = { ...sound.images.base, os, components: ["base.yaml"] };
  const folder = await projectWith({
    "factory.config.ts": configOf({ ...sound, images: { base } }),
    "smoke.yaml": os === "al2023" ? smoke : powershell,
    "base.yaml": document,
  });

  const { code, stdout } = await amintHere(["components", "check", "--config", `${folder}factory.config.ts`]);

  expect(stdout).toContain(`(${fix})`);
  expect(code).toBe(1);
});
