import { expect, test } from "vitest";
import { amintHere, configOf, projectWith, smoke, sound } from "./here.ts";

const base = sound.images.base;
const withImage = (changes: object) => configOf({ ...sound, images: { base: { ...base, ...changes } } });
const ubuntu = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
const debian = "/aws/service/debian/release/12/latest/amd64";
const arm64 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";
const last = "cron(0 3 1 1 ? 2020)";

interface Row {
  readonly what: string;
  readonly config?: string;
  readonly where: string;
  readonly says: string;
  readonly fix: string;
}

const rows: readonly Row[] = [
  {
    what: "a syntax error",
    config: "export default {\n  name: = 1,\n};\n",
    where: "factory.config.ts:2:9",
    says: 'Unexpected "="',
    fix: "correct it there",
  },
  {
    what: "an import that leads nowhere",
    config: 'import base from "./base.ts";\nexport default base;\n',
    where: "factory.config.ts:1:18",
    says: 'Could not resolve "./base.ts"',
    fix: "correct it there",
  },
  {
    what: "no default export",
    config: "export const factory = {};\n",
    where: "factory.config.ts",
    says: "has no default export",
    fix: "write `export default defineFactory({ ... })`",
  },
  {
    what: "a default export that defineFactory did not check",
    config: `export default ${JSON.stringify(sound)};`,
    where: "factory.config.ts",
    says: "its default export is not a factory",
    fix: "write `export default defineFactory({ ... })`",
  },
  {
    what: "no config",
    where: "factory.config.ts",
    says: "the file does not exist",
    fix: "run in the project's folder, or name the file",
  },
  {
    what: "an unknown config key",
    config: configOf({ ...sound, colour: "blue" }),
    where: "colour",
    says: "unknown key; use one of account, ",
    fix: "remove it, or correct its name",
  },
  {
    what: "a region that AWS does not have",
    config: configOf({ ...sound, regions: ["eu-west-1", "us-east-9"] }),
    where: "regions[1]",
    says: 'AWS has no region "us-east-9"',
    fix: 'did you mean "us-east-1" or "us-east-2"?',
  },
  {
    what: "a Debian parent for Ubuntu",
    config: withImage({ os: "ubuntu-2404", parent: { ssm: debian } }),
    where: "images.base.parent.ssm",
    says: `expected a parent of os "ubuntu-2404", found one of debian-12: "${debian}"`,
    fix: "change it in factory.config.ts",
  },
  {
    what: "arm64 on an amd64 parent",
    config: withImage({ os: "ubuntu-2404", architecture: "arm64", parent: { ssm: ubuntu } }),
    where: "images.base.parent.ssm",
    says: `expected a parent of architecture "arm64", found one of x86_64: "${ubuntu}"`,
    fix: "change it in factory.config.ts",
  },
  {
    what: "x86_64 on an arm64 parent",
    config: withImage({ parent: { ssm: arm64 } }),
    where: "images.base.parent.ssm",
    says: `expected a parent of architecture "x86_64", found one of arm64: "${arm64}"`,
    fix: "change it in factory.config.ts",
  },
  {
    what: "a parent's parameter outside AWS's",
    config: withImage({ parent: { ssm: "/golden/base" } }),
    where: "images.base.parent.ssm",
    says: 'expected a parameter below "/aws/service/" or "/imagebuilder/", because Image Builder\'s service-linked role reads no others, or an executionRole that may read it; found "/golden/base"',
    fix: "change it in factory.config.ts",
  },
  {
    what: "a parameter of builds that is not a path",
    config: configOf({ ...sound, instanceParameters: ["/builds/*/token"] }),
    where: "instanceParameters[0]",
    says: 'expected the name of a parameter such as "/builds/token", or those below a path such as "/builds/*", found "/builds/*/token"',
    fix: "change it in factory.config.ts",
  },
  {
    what: "a schedule that never fires",
    config: withImage({ triggers: { schedule: { kind: "expression", expression: last } } }),
    where: "images.base.triggers.schedule",
    says: "never fires: no date is left after ",
    fix: "change it in factory.config.ts",
  },
  {
    what: "a share without recipients",
    config: withImage({
      channels: [{ name: "stable", share: { accounts: ["111122223333"], except: { accounts: ["111122223333"] } } }],
    }),
    where: "images.base.channels[0].share",
    says: "expected at least one recipient, found none",
    fix: "change it in factory.config.ts",
  },
  {
    what: "a gate that cannot pass",
    config: withImage({
      gate: { ...base.gate, packages: { required: ["curl"], forbidden: ["curl"] } },
    }),
    where: "images.base.gate.packages",
    says: '"curl" is both required and forbidden',
    fix: "change it in factory.config.ts",
  },
  {
    what: "a parent that is always too old for the gate",
    config: configOf({
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
    where: "images.child.gate.parent.maxAge",
    says: 'expected more than "2d", the soaks before "base/stable", found "1d": no build could pass',
    fix: "change it in factory.config.ts",
  },
  {
    what: "a child of another system than its parent",
    config: configOf({
      ...sound,
      images: { base, child: { ...base, os: "al2", parent: { image: "base", channel: "stable" } } },
    }),
    where: "images.child.os",
    says: 'expected its parent\'s "al2023", found "al2"',
    fix: "change it in factory.config.ts",
  },
  {
    what: "a gate that asks for approval without approvers",
    config: withImage({ gate: { ...base.gate, parent: { maxAge: "30d", onViolation: "ask" } } }),
    where: "images.base.gate.parent.onViolation",
    says: 'expected "reject", or at least one people.<name>, found "ask"',
    fix: "change it in factory.config.ts",
  },
  {
    what: "an approver who cannot answer",
    config: configOf({
      ...sound,
      people: { ada: { slack: "U012AB3CD" } },
      images: {
        base: {
          ...base,
          channels: [{ ...base.channels[0], approval: { approvers: ["ada"], required: 1 } }],
        },
      },
    }),
    where: "images.base.channels[0].approval.approvers[0]",
    says: 'expected notify.slack or people.ada.principals, found neither: "ada" could not answer',
    fix: "change it in factory.config.ts",
  },
];

test.each(rows)("amint validate reports $what with its place and fix, and ends with 1", async ({ config, ...row }) => {
  const folder = await projectWith({ ...(config && { "factory.config.ts": config }), "smoke.yaml": smoke });

  const { code, stdout, stderr } = await amintHere(["validate", "--offline", "--config", `${folder}factory.config.ts`]);

  const lines = stdout.replaceAll(folder, "").split("\n");
  const place = lines.findIndex((line) => line.startsWith(`${row.where}: `));
  expect(lines[place]).toContain(row.says);
  expect(lines[place + 1]).toBe(`  fix: ${row.fix}`);
  expect(lines.filter((line) => line.startsWith("  fix: "))).toHaveLength(1);
  expect(lines.at(-2)).toBe("1 problem found.");
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).not.toMatch(/^ {4}at /m);
});

test("a sound project has no problems, and the output says that AWS was not asked", async () => {
  const folder = await projectWith({ "factory.config.ts": configOf(sound), "smoke.yaml": smoke });

  const { code, stdout } = await amintHere(["validate", "--config", `${folder}factory.config.ts`]);

  expect(code).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "Offline half run: config, components, Dockerfiles, regions, dates.",
    expect.stringMatching(/^Online half not run: No AWS credentials: .* \(fix: set AWS_PROFILE/),
    "No problems found.",
    "",
  ]);
});

test("expired settings are warnings", async () => {
  const waiver = { finding: "CVE-2020-1", image: "*", owner: "ada", reason: "not reachable", until: "2020-12-31" };
  const folder = await projectWith({
    "factory.config.ts": configOf({ ...sound, waivers: [waiver] }),
    "smoke.yaml": smoke,
  });

  const { code, stdout } = await amintHere(["validate", "--offline", "--config", `${folder}factory.config.ts`]);

  expect(code).toBe(0);
  expect(stdout).toContain("warning: waivers[0].until: the waiver of CVE-2020-1 ended on 2020-12-31\n  fix: remove it");
});
