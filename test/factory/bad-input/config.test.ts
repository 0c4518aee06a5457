import { expect, test } from "vitest";
import { configOf, sound, validated } from "./here.ts";

const base = sound.images.base;
const withImage = (changes: object) => configOf({ ...sound, images: { base: { ...base, ...changes } } });
const ubuntu = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
const debian = "/aws/service/debian/release/12/latest/amd64";
const arm64 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";
const last = "cron(0 3 1 1 ? 2020)";

interface Row {
  readonly what: string;
  readonly config?: string;
  readonly says: string;
  /** Default: to change the config. */
  readonly fix?: string;
}

const rows: readonly Row[] = [
  {
    what: "a syntax error",
    config: "export default {\n  name: = 1,\n};\n",
    says: 'factory.config.ts:2:9: Unexpected "="',
    fix: "correct it there",
  },
  {
    what: "an import that leads nowhere",
    config: 'import base from "./base.ts";\nexport default base;\n',
    says: 'factory.config.ts:1:18: Could not resolve "./base.ts"',
    fix: "correct it there",
  },
  {
    what: "no default export",
    config: "export const factory = {};\n",
    says: "factory.config.ts: has no default export",
    fix: "write `export default defineFactory({ ... })`",
  },
  {
    what: "a default export that defineFactory did not check",
    config: `export default ${JSON.stringify(sound)};`,
    says: "factory.config.ts: its default export is not a factory",
    fix: "write `export default defineFactory({ ... })`",
  },
  {
    what: "no config",
    says: "factory.config.ts: the file does not exist",
    fix: "run in the project's folder, or name the file",
  },
  {
    what: "an unknown config key",
    config: configOf({ ...sound, colour: "blue" }),
    says: "colour: unknown key; use one of account, ",
    fix: "remove it, or correct its name",
  },
  {
    what: "a region that AWS does not have",
    config: configOf({ ...sound, regions: ["eu-west-1", "us-east-9"] }),
    says: 'regions[1]: AWS has no region "us-east-9"',
    fix: 'did you mean "us-east-1" or "us-east-2"?',
  },
  {
    what: "a Debian parent for Ubuntu",
    config: withImage({ os: "ubuntu-2404", parent: { ssm: debian } }),
    says: `images.base.parent.ssm: expected a parent of os "ubuntu-2404", found one of debian-12: "${debian}"`,
  },
  {
    what: "arm64 on an amd64 parent",
    config: withImage({ os: "ubuntu-2404", architecture: "arm64", parent: { ssm: ubuntu } }),
    says: `images.base.parent.ssm: expected a parent of architecture "arm64", found one of x86_64: "${ubuntu}"`,
  },
  {
    what: "x86_64 on an arm64 parent",
    config: withImage({ parent: { ssm: arm64 } }),
    says: `images.base.parent.ssm: expected a parent of architecture "x86_64", found one of arm64: "${arm64}"`,
  },
  {
    what: "a parent's parameter outside AWS's",
    config: withImage({ parent: { ssm: "/golden/base" } }),
    says: 'images.base.parent.ssm: expected a parameter below "/aws/service/" or "/imagebuilder/", because Image Builder\'s service-linked role reads no others, or an executionRole that may read it; found "/golden/base"',
  },
  {
    what: "a parameter of builds that is not a path",
    config: configOf({ ...sound, instanceParameters: ["/builds/*/token"] }),
    says: 'instanceParameters[0]: expected the name of a parameter such as "/builds/token", or those below a path such as "/builds/*", found "/builds/*/token"',
  },
  {
    what: "a schedule that never fires",
    config: withImage({ triggers: { schedule: { kind: "expression", expression: last } } }),
    says: "images.base.triggers.schedule: never fires: no date is left after ",
  },
  {
    what: "a share without recipients",
    config: withImage({
      channels: [{ name: "stable", share: { accounts: ["111122223333"], except: { accounts: ["111122223333"] } } }],
    }),
    says: "images.base.channels[0].share: expected at least one recipient, found none",
  },
  {
    what: "a gate that cannot pass",
    config: withImage({
      gate: { ...base.gate, packages: { required: ["curl"], forbidden: ["curl"] } },
    }),
    says: 'images.base.gate.packages: "curl" is both required and forbidden',
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
    says: 'images.child.gate.parent.maxAge: expected more than "2d", the soaks before "base/stable", found "1d": no build could pass',
  },
  {
    what: "a child of another system than its parent",
    config: configOf({
      ...sound,
      images: { base, child: { ...base, os: "al2", parent: { image: "base", channel: "stable" } } },
    }),
    says: 'images.child.os: expected its parent\'s "al2023", found "al2"',
  },
  {
    what: "a gate that asks for approval without approvers",
    config: withImage({ gate: { ...base.gate, parent: { maxAge: "30d", onViolation: "ask" } } }),
    says: 'images.base.gate.parent.onViolation: expected "reject", or at least one people.<name>, found "ask"',
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
    says: 'images.base.channels[0].approval.approvers[0]: expected notify.slack or people.ada.principals, found neither: "ada" could not answer',
  },
];

test.each(rows)("amint validate reports $what with its place and fix, and ends with 1", async ({ config, ...row }) => {
  const { code, stdout, stderr } = await validated(config);

  const lines = stdout.split("\n");
  const place = lines.findIndex((line) => line.startsWith(row.says));
  expect(place, stdout).toBeGreaterThanOrEqual(0);
  expect(lines[place + 1]).toBe(`  fix: ${row.fix ?? "change it in factory.config.ts"}`);
  expect(lines.filter((line) => line.startsWith("  fix: "))).toHaveLength(1);
  expect(lines.at(-2)).toBe("1 problem found.");
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).not.toMatch(/^ {4}at /m);
});

test("a sound project has no problems, and the output says that AWS was not asked", async () => {
  const { code, stdout } = await validated(configOf(sound), {}, { args: [] });

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

  const { code, stdout } = await validated(configOf({ ...sound, waivers: [waiver] }));

  expect(code).toBe(0);
  expect(stdout).toContain("warning: waivers[0].until: the waiver of CVE-2020-1 ended on 2020-12-31\n  fix: remove it");
});
