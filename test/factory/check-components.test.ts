import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import { configWith, faultsIn } from "./faults.ts";

const STIG = "arn:aws:imagebuilder:eu-west-1:aws:component/stig-build-linux-high/x.x.x";

const define = (changes: object) => defineFactory(configWith({}, changes)).images.base;

const faultsOf = (changes: object) => faultsIn(() => define(changes));

test("short and long forms of a component are the same inside the factory", () => {
  const short = define({ components: ["aws:aws-cli-version-2-linux", "agents.yaml"], tests: ["amint:smoke"] });
  const long = define({
    components: [{ aws: "aws-cli-version-2-linux" }, { document: "agents.yaml", parameters: {} }],
    tests: [{ document: "amint:smoke" }],
  });

  expect(long).toEqual(short);
  expect(short?.components).toEqual([
    { aws: "aws-cli-version-2-linux", parameters: {} },
    { document: "agents.yaml", parameters: {} },
  ]);
});

test("a factory that is defined can be defined again", () => {
  const defined = define({ components: ["aws:aws-cli-version-2-linux", { arn: STIG, parameters: { Level: "High" } }] });

  expect(define({ components: defined?.components, tests: defined?.tests })).toMatchObject({
    components: defined?.components,
    tests: defined?.tests,
  });
});

test("a parameter's value is any text, of several lines, too", () => {
  const parameters = { motd: 'Welcome.\n\t"Be" careful.\n', none: "" };

  expect(define({ components: [{ document: "agents.yaml", parameters }] })?.components[0]?.parameters).toEqual(
    parameters,
  );
});

test.each([
  STIG,
  "arn:aws:imagebuilder:eu-west-1:aws:component/stig-build-linux-high/2024.3.0",
  "arn:aws:imagebuilder:eu-west-1:111122223333:component/agents/1.2.x",
  "arn:aws:imagebuilder:eu-west-1:444455556666:component/agents/1.2.3/4",
])("a component can be named by the ARN %s", (arn) => {
  expect(faultsOf({ components: [{ arn }] })).toEqual([]);
});

test.each(
  Object.entries<[object, string | RegExp]>({
    "a component of another region than builds run in": [
      { components: [{ arn: STIG.replace("eu-west-1", "us-east-1") }] },
      'images.base.components[0].arn: expected a component of the build region "eu-west-1", found one of "us-east-1"',
    ],
    "an ARN without a version": [
      { tests: [{ arn: STIG.replace("/x.x.x", "") }] },
      'images.base.tests[0].arn: expected a component ARN with a version, or x for any number, such as "arn:aws:imagebuilder:eu-west-1:aws:component/stig-build-linux-high/x.x.x", found "arn:aws:imagebuilder:eu-west-1:aws:component/stig-build-linux-high"',
    ],
    "an x before a number": [
      { tests: [{ arn: STIG.replace("x.x.x", "x.x.1") }] },
      /^images\.base\.tests\[0\]\.arn: expected a component ARN with a version/,
    ],
    "a parameter whose value is not a text": [
      { components: [{ aws: "stig-build-linux", parameters: { Level: 3 } }] },
      "images.base.components[0].parameters.Level: expected text in quotes, without NUL, found 3",
    ],
    "a parameter's name that AWSTOE does not allow": [
      { components: [{ document: "agents.yaml", parameters: { ab: "1" } }] },
      'images.base.components[0].parameters.ab: expected a parameter name of 3 to 128 letters, digits, "_" and "-", found "ab"',
    ],
    "a form that does not exist": [
      { components: [{ name: "agents" }] },
      /^images\.base\.components\[0\]: expected "aws:/,
    ],
    "a short form that does not exist": [{ components: ["agents"] }, /^images\.base\.components\[0\]: expected "aws:/],
    "a component that is listed twice": [
      { components: ["agents.yaml", { document: "agents.yaml", parameters: { logGroup: "b" } }] },
      'images.base.components[1]: expected each component once, found "agents.yaml", which is also components[0]',
    ],
    "a component of AWS by its name and by its ARN": [
      { components: ["aws:stig-build-linux-high"], tests: [{ arn: STIG }] },
      `images.base.tests[0]: expected each component once, found "${STIG}", which is also components[0]`,
    ],
    "a component that Amint adds by itself": [
      { components: ["amint:sbom"] },
      'images.base.components[0]: "amint:sbom" is added to every image; remove it',
    ],
    "the scanner of a benchmark": [
      { tests: ["amint:openscap"] },
      'images.base.tests[0]: "amint:openscap" is added to images with gate.benchmark; remove it',
    ],
    "a value for a parameter that Amint fills": [
      {
        components: [{ document: "amint:update-al2023", parameters: { Release: "2023.8.20260413" } }],
        triggers: { packages: { severity: "important" } },
      },
      'images.base.components[0].parameters.Release: Amint sets this parameter from triggers.packages.release ("latest"); remove it',
    ],
  }),
)("%s is refused", (_, [changes, message]) => {
  expect(faultsOf(changes)).toEqual([typeof message === "string" ? message : expect.stringMatching(message)]);
});
