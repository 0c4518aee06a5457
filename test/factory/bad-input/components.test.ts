import { expect, test } from "vitest";
import { amintHere, configOf, projectWith, smoke, sound } from "./here.ts";

interface Row {
  readonly what: string;
  readonly component?: string;
  readonly document?: string;
  readonly where: string;
  readonly says: string;
  readonly fix: string;
}

const rows: readonly Row[] = [
  {
    what: "a missing component file",
    component: "harden.yaml",
    where: "images.base.components[0]",
    says: 'there is no file "harden.yaml"',
    fix: "write the document, or name one that exists",
  },
  {
    what: "broken YAML",
    document: smoke.replace("    steps:", "   steps:"),
    where: "custom.yaml:4:1",
    says: "Sequence item without - indicator",
    fix: "correct the document",
  },
  {
    what: "an unknown action",
    document: smoke.replace("ExecuteBash", "ExecuteBashh"),
    where: "custom.yaml:6:17",
    says: "Parsing step 'Smoke' in phase 'test' failed. Error: Unsupported action ExecuteBashh for os platform linux.",
    fix: 'did you mean "ExecuteBash"?',
  },
  {
    what: "an unknown phase",
    document: smoke.replace("name: test", "name: buildd"),
    where: "custom.yaml:3:11",
    says: "Invalid phase name 'buildd'. Valid names are: build, validate, test, container-host-test.",
    fix: 'did you mean "build"?',
  },
  {
    what: "an unknown field",
    document: smoke.replace("inputs:", "input:"),
    where: "custom.yaml:7:9",
    says: "Unknown field 'input'",
    fix: 'did you mean "inputs"?',
  },
  {
    what: "a component that AWS does not have",
    component: "aws:updatelinux",
    where: "images.base.components[0]",
    says: 'AWS has no component "aws:updatelinux"',
    fix: 'did you mean "aws:update-linux"?',
  },
];

test.each(rows)("amint validate reports $what with its place and fix, and ends with 1", async (row) => {
  const { component = "custom.yaml", document } = row;
  const base = { ...sound.images.base, components: [component] };
  const folder = await projectWith({
    "factory.config.ts": configOf({ ...sound, images: { base } }),
    "smoke.yaml": smoke,
    ...(document && { "custom.yaml": document }),
  });

  const { code, stdout, stderr } = await amintHere(["validate", "--offline", "--config", `${folder}factory.config.ts`]);

  const [first, second] = stdout.split("\n");
  expect(first).toMatch(/^\S+: /);
  expect(first?.startsWith(`${row.where}: ${row.says}`), first).toBe(true);
  expect(second).toBe(`  fix: ${row.fix}`);
  expect(stdout).toContain("\n1 problem found.\n");
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).not.toMatch(/^ {4}at /m);
});

test("a component of AWS that resembles none of the known ones is a warning", async () => {
  const base = { ...sound.images.base, components: ["aws:mate-desktop"] };
  const folder = await projectWith({
    "factory.config.ts": configOf({ ...sound, images: { base } }),
    "smoke.yaml": smoke,
  });

  const { code, stdout } = await amintHere(["validate", "--offline", "--config", `${folder}factory.config.ts`]);

  expect(code).toBe(0);
  expect(stdout).toContain(
    'warning: images.base.components[0]: "aws:mate-desktop" is not a component of AWS that Amint',
  );
});
