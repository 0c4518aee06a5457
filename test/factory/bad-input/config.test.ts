import { mkdir, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { amintHere, configOf, projectWith, smoke, sound, validated } from "./here.ts";

const base = sound.images.base;
const withImage = (changes: object) => configOf({ ...sound, images: { base: { ...base, ...changes } } });
const ubuntu = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
const debian = "/aws/service/debian/release/12/latest/amd64";
const last = "cron(0 3 1 1 ? 2020)";
const withComponent = (component: string | object) => withImage({ components: [component] });

const withParameters = `parameters:
  - logGroup:
      type: string
  - retention:
      type: string
      default: "30"
constants:
  - Root:
      type: string
      value: https://example.org
${smoke.replace('["true"]', '["echo {{ logGroup }} {{ retention }} {{ Root }}"]')}`;

/** The config, the line that names the place, how to fix it (default: in the config), and the component's document. */
type Bad = [config: string | undefined, says: string, fix?: string, document?: string];

const cases: Readonly<Record<string, Bad>> = {
  "a syntax error": [
    "export default {\n  name: = 1,\n};\n",
    'factory.config.ts:2:9: Unexpected "="',
    "correct it there",
  ],
  "an import that leads nowhere": [
    'import base from "./base.ts";\nexport default base;\n',
    'factory.config.ts:1:18: Could not resolve "./base.ts"',
    "correct it there",
  ],
  "no default export": [
    "export const factory = {};\n",
    "factory.config.ts: has no default export",
    "write `export default defineFactory({ ... })`",
  ],
  "a default export that defineFactory did not check": [
    `export default ${JSON.stringify(sound)};`,
    "factory.config.ts: its default export is not a factory",
    "write `export default defineFactory({ ... })`",
  ],
  "no config": [
    undefined,
    "factory.config.ts: the file does not exist",
    "run in the project's folder, or name the file",
  ],
  "an unknown config key": [
    configOf({ ...sound, colour: "blue" }),
    "colour: unknown key; use one of account, ",
    "remove it, or correct its name",
  ],
  "a region that AWS does not have": [
    configOf({ ...sound, regions: ["eu-west-1", "us-east-9"] }),
    'regions[1]: AWS has no region "us-east-9"',
    'did you mean "us-east-1" or "us-east-2"?',
  ],
  "a Debian parent for Ubuntu": [
    withImage({ os: "ubuntu-2404", parent: { ssm: debian } }),
    `images.base.parent.ssm: expected a parent of os "ubuntu-2404", found one of debian-12: "${debian}"`,
  ],
  "arm64 on an amd64 parent": [
    withImage({ os: "ubuntu-2404", architecture: "arm64", parent: { ssm: ubuntu } }),
    `images.base.parent.ssm: expected a parent of architecture "arm64", found one of x86_64: "${ubuntu}"`,
  ],
  "a schedule that never fires": [
    withImage({ triggers: { schedule: { kind: "expression", expression: last } } }),
    "images.base.triggers.schedule: never fires: no date is left after ",
  ],
  "a share without recipients": [
    withImage({
      channels: [{ name: "stable", share: { accounts: ["111122223333"], except: { accounts: ["111122223333"] } } }],
    }),
    "images.base.channels[0].share: expected at least one recipient, found none",
  ],
  "a parent that is always too old for the gate": [
    configOf({
      ...sound,
      images: {
        base: {
          ...base,
          channels: [{ name: "candidate", share: { organization: true }, soak: "2d" }, ...base.channels],
        },
        child: {
          ...base,
          parent: { image: "base", channel: "stable" },
          gate: { ...base.gate, parent: { maxAge: "24h" } },
        },
      },
    }),
    'images.child.gate.parent.maxAge: expected more than "2d", the soaks before "base/stable", found "1d": no build could pass',
  ],
  "a child of another system than its parent": [
    configOf({
      ...sound,
      images: { base, child: { ...base, os: "al2", parent: { image: "base", channel: "stable" } } },
    }),
    'images.child.os: expected its parent\'s "al2023", found "al2"',
  ],
  "a missing component file": [
    withComponent("harden.yaml"),
    'images.base.components[0]: the file "harden.yaml" does not exist',
    "write the document, or name one that exists",
  ],
  "broken YAML": [
    withComponent("custom.yaml"),
    "custom.yaml:4:1: Sequence item without - indicator",
    "correct the document",
    smoke.replace("    steps:", "   steps:"),
  ],
  "an unknown action": [
    withComponent("custom.yaml"),
    "custom.yaml:6:17: Parsing step 'Smoke' in phase 'test' failed. Error: Unsupported action ExecuteBashh for os platform linux.",
    'did you mean "ExecuteBash"?',
    smoke.replace("ExecuteBash", "ExecuteBashh"),
  ],
  "an unknown phase": [
    withComponent("custom.yaml"),
    "custom.yaml:3:11: Image Builder does not run a phase 'buildd'. It runs: build, validate, test, container-host-test.",
    'did you mean "build"?',
    smoke.replace("name: test", "name: buildd"),
  ],
  "an unknown field": [
    withComponent("custom.yaml"),
    "custom.yaml:7:9: Unknown field 'input'",
    'did you mean "inputs"?',
    smoke.replace("inputs:", "input:"),
  ],
  "a component that AWS does not have": [
    withComponent("aws:updatelinux"),
    'images.base.components[0]: AWS has no component "aws:updatelinux"',
    'did you mean "aws:update-linux"?',
  ],
  "a parameter that the document does not have": [
    withComponent({ document: "custom.yaml", parameters: { logGroup: "a", retenton: "7" } }),
    "images.base.components[0].parameters.retenton: the document has no parameter retenton; it has logGroup, retention",
    'did you mean "retention"?',
    withParameters,
  ],
  "a parameter of a document without any": [
    withComponent({ document: "custom.yaml", parameters: { logGroup: "a" } }),
    "images.base.components[0].parameters.logGroup: the document has no parameter logGroup; it has none",
    "remove it",
    smoke,
  ],
  "a parameter without a value": [
    withComponent("custom.yaml"),
    "images.base.components[0].parameters: the document's parameter logGroup has no default and no value",
    'give it a value: parameters: { logGroup: "..." }',
    withParameters,
  ],
  "a value for a constant": [
    withComponent({ document: "custom.yaml", parameters: { logGroup: "a", Root: "https://example.com" } }),
    "images.base.components[0].parameters.Root: Root is a constant of the document, which recipes cannot set; it has logGroup, retention",
    "remove it, or make the constant a parameter",
    withParameters,
  ],
  "a parameter that AWS's component does not have": [
    withComponent({ aws: "stig-build-linux", parameters: { Levle: "High" } }),
    "images.base.components[0].parameters.Levle: the document has no parameter Levle; it has Level, InstallPackages, SetDoDConsentBanner",
    'did you mean "Level"?',
  ],
};

test.each(Object.entries(cases))(
  "amint validate reports %s with its place and fix, and ends with 1",
  async (_, bad) => {
    const [config, says, fix = "change it in factory.config.ts", document] = bad;

    const { code, stdout, stderr } = await validated(config, document ? { "custom.yaml": document } : {});

    const lines = stdout.split("\n");
    const place = lines.findIndex((line) => line.startsWith(says));
    expect(place, stdout).toBeGreaterThanOrEqual(0);
    expect(lines[place + 1]).toBe(`  fix: ${fix}`);
    expect(lines.filter((line) => line.startsWith("  fix: "))).toHaveLength(1);
    expect(lines.at(-2)).toBe("1 problem found.");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).not.toMatch(/^ {4}at /m);
  },
);

test("a sound project has no problems, and the output says that AWS was not asked", async () => {
  const { code, stdout } = await validated(configOf(sound), {}, { args: [] });

  expect(code).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "Offline half run: config, components, Dockerfiles, regions, dates.",
    "Types not checked: the project has no TypeScript (fix: npm install --save-dev typescript).",
    expect.stringMatching(/^Online half not run: No AWS credentials: .* \(fix: set AWS_PROFILE/),
    "No problems found.",
    "",
  ]);
});

test("expired settings are warnings", async () => {
  const waiver = { finding: "CVE-2020-1", image: "*", owner: "ada", reason: "not reachable", until: "2020-12-31" };

  const { code, stdout } = await validated(configOf({ ...sound, waivers: [waiver] }));

  expect(code).toBe(0);
  expect(stdout).toContain("warning: waivers[0].until: the waiver of CVE-2020-1 ended on 2020-12-31\n  fix: remove it");
});

test("a component of AWS that resembles none of the known ones is a warning", async () => {
  const { code, stdout } = await validated(withComponent("aws:mate-desktop"));

  expect(code).toBe(0);
  expect(stdout).toContain(
    'warning: images.base.components[0]: "aws:mate-desktop" is not a component of AWS that Amint',
  );
});

test("parameters that the documents declare are fine", async () => {
  const components = [
    { document: "custom.yaml", parameters: { logGroup: "/acme/a\nb" } },
    { aws: "stig-build-linux", parameters: { Level: "Low" } },
    { aws: "aws-cli-version-2-linux", parameters: { include: "kernel" } },
    { arn: "arn:aws:imagebuilder:eu-west-1:444455556666:component/shared/1.x.x", parameters: { any: "thing" } },
  ];

  const { code, stdout } = await validated(withImage({ components }), { "custom.yaml": withParameters });

  expect(stdout).not.toContain("images.base");
  expect(code).toBe(0);
});

test("type errors of a config and its imports are warnings with file, line and column, by the project's TypeScript", async () => {
  const folder = await projectWith({
    "factory.config.ts": `import { name } from "./name.ts";\nconst days: number = name;\n${configOf(sound)}\nvoid days;\n`,
    "name.ts": 'export const name: string = "base";\nexport const most: string = 3;\n',
    "smoke.yaml": smoke,
  });
  await mkdir(join(folder, "node_modules"));
  await symlink(
    dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    join(folder, "node_modules/typescript"),
  );

  const { code, stdout } = await amintHere([
    "validate",
    "--offline",
    "--json",
    "--config",
    join(folder, "factory.config.ts"),
  ]);

  const { offline, findings } = JSON.parse(stdout);
  expect(offline).toEqual({ run: true, configUsable: true, typesChecked: true });
  const fix = "correct it there";
  expect(findings).toEqual([
    {
      where: expect.stringMatching(/factory\.config\.ts:2:7$/),
      what: "TS2322: Type 'string' is not assignable to type 'number'.",
      fix,
      warning: true,
    },
    {
      where: expect.stringMatching(/name\.ts:2:14$/),
      what: "TS2322: Type 'number' is not assignable to type 'string'.",
      fix,
      warning: true,
    },
  ]);
  expect(code).toBe(0);
});
