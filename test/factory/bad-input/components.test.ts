import { expect, test } from "vitest";
import { configOf, smoke, sound, validated } from "./here.ts";

interface Row {
  readonly what: string;
  readonly component?: string | object;
  readonly document?: string;
  readonly says: string;
  readonly fix: string;
}

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

const rows: readonly Row[] = [
  {
    what: "a missing component file",
    component: "harden.yaml",
    says: 'images.base.components[0]: the file "harden.yaml" does not exist',
    fix: "write the document, or name one that exists",
  },
  {
    what: "broken YAML",
    document: smoke.replace("    steps:", "   steps:"),
    says: "custom.yaml:4:1: Sequence item without - indicator",
    fix: "correct the document",
  },
  {
    what: "an unknown action",
    document: smoke.replace("ExecuteBash", "ExecuteBashh"),
    says: "custom.yaml:6:17: Parsing step 'Smoke' in phase 'test' failed. Error: Unsupported action ExecuteBashh for os platform linux.",
    fix: 'did you mean "ExecuteBash"?',
  },
  {
    what: "an unknown phase",
    document: smoke.replace("name: test", "name: buildd"),
    says: "custom.yaml:3:11: Image Builder does not run a phase 'buildd'. It runs: build, validate, test, container-host-test.",
    fix: 'did you mean "build"?',
  },
  {
    what: "an unknown field",
    document: smoke.replace("inputs:", "input:"),
    says: "custom.yaml:7:9: Unknown field 'input'",
    fix: 'did you mean "inputs"?',
  },
  {
    what: "a component that AWS does not have",
    component: "aws:updatelinux",
    says: 'images.base.components[0]: AWS has no component "aws:updatelinux"',
    fix: 'did you mean "aws:update-linux"?',
  },
  {
    what: "a parameter that the document does not have",
    component: { document: "custom.yaml", parameters: { logGroup: "a", retenton: "7" } },
    document: withParameters,
    says: "images.base.components[0].parameters.retenton: the document has no parameter retenton; it has logGroup, retention",
    fix: 'did you mean "retention"?',
  },
  {
    what: "a parameter of a document without any",
    component: { document: "custom.yaml", parameters: { logGroup: "a" } },
    document: smoke,
    says: "images.base.components[0].parameters.logGroup: the document has no parameter logGroup; it has none",
    fix: "remove it",
  },
  {
    what: "a parameter without a value",
    component: "custom.yaml",
    document: withParameters,
    says: "images.base.components[0].parameters: the document's parameter logGroup has no default and no value",
    fix: 'give it a value: parameters: { logGroup: "..." }',
  },
  {
    what: "a value for a constant",
    component: { document: "custom.yaml", parameters: { logGroup: "a", Root: "https://example.com" } },
    document: withParameters,
    says: "images.base.components[0].parameters.Root: Root is a constant of the document, which recipes cannot set; it has logGroup, retention",
    fix: "remove it, or make the constant a parameter",
  },
  {
    what: "a parameter that AWS's component does not have",
    component: { aws: "stig-build-linux", parameters: { Levle: "High" } },
    says: "images.base.components[0].parameters.Levle: the document has no parameter Levle; it has Level, InstallPackages, SetDoDConsentBanner",
    fix: 'did you mean "Level"?',
  },
];

test.each(rows)("amint validate reports $what with its place and fix, and ends with 1", async (row) => {
  const { component = "custom.yaml", document } = row;
  const base = { ...sound.images.base, components: [component] };
  const files = document ? { "custom.yaml": document } : {};

  const { code, stdout, stderr } = await validated(configOf({ ...sound, images: { base } }), files);

  const [first, second] = stdout.split("\n");
  expect(first).toMatch(/^\S+: /);
  expect(first?.startsWith(row.says), first).toBe(true);
  expect(second).toBe(`  fix: ${row.fix}`);
  expect(stdout).toContain("\n1 problem found.\n");
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).not.toMatch(/^ {4}at /m);
});

test("a component of AWS that resembles none of the known ones is a warning", async () => {
  const base = { ...sound.images.base, components: ["aws:mate-desktop"] };

  const { code, stdout } = await validated(configOf({ ...sound, images: { base } }));

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
  const config = configOf({ ...sound, images: { base: { ...sound.images.base, components } } });

  const { code, stdout } = await validated(config, { "custom.yaml": withParameters });

  expect(stdout).not.toContain("images.base");
  expect(code).toBe(0);
});
