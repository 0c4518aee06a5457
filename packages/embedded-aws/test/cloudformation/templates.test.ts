import { describe, expect, test } from "vitest";
import { parameterValues, referenceValue } from "../../src/services/cloudformation/template/parameters.ts";
import { neededCapability, parseTemplate } from "../../src/services/cloudformation/template/parse-template.ts";
import { readYaml } from "../../src/services/cloudformation/template/read-yaml.ts";
import { creationOrder } from "../../src/services/cloudformation/template/references.ts";
import { conditionHolds, resolve, type Scope } from "../../src/services/cloudformation/template/resolve.ts";

const RESOURCES = "Resources:\n  Parameter: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: v } }\n";

function scopeOf(text: string, given: Record<string, unknown> = {}): Scope {
  return {
    template: parseTemplate(text),
    values: new Map(Object.entries({ "AWS::Region": "eu-west-1", "AWS::AccountId": "111122223333", ...given })),
    resource: (id) =>
      id === "Parameter" ? { physicalId: "/p", attributes: { Value: "v", "A.B": "dotted" } } : undefined,
  };
}

test("Short forms stand for functions, and dates stay text", () => {
  const read = readYaml(`
a: !Ref X
b: !GetAtt X.Y.Z
c: !If [Yes, !Sub "\${X}-y", !Ref "AWS::NoValue"]
d: !Condition C
Version: 2012-10-17
no: no
`);

  expect(read).toEqual({
    a: { Ref: "X" },
    b: { "Fn::GetAtt": ["X", "Y.Z"] },
    c: { "Fn::If": ["Yes", { "Fn::Sub": "${X}-y" }, { Ref: "AWS::NoValue" }] },
    d: { Condition: "C" },
    Version: "2012-10-17",
    no: "no",
  });
});

test("What a text substitutes must be there, unless it is its own", () => {
  const text = (sub: unknown) =>
    JSON.stringify({ Resources: { A: { Type: "A::B::Cd", Properties: { X: { "Fn::Sub": sub } } } } });

  expect(() => parseTemplate(text("$" + "{Other.Arn}/$" + "{AWS::Region}"))).toThrow("[Other]");
  expect(() => parseTemplate(text(["$" + "{Own}", { Own: { Ref: "None" } }]))).toThrow("[None]");
  expect(() => parseTemplate(text(["$" + "{Own}-$" + "{!Literal}", { Own: "x" }]))).not.toThrow();
});

test.each<[string, string, RegExp]>([
  ["broken YAML", "Resources:\n  a: [", /Template format error: YAML not well-formed\. \(line \d, column \d\)/],
  ["broken JSON", '{"Resources": ', /Template format error: JSON not well-formed\. \(line 1, column/],
  ["a key twice", `${RESOURCES}Resources: {}`, /Duplicated keys \(line 3/],
  ["an alias", "A: &a 1\nB: *a", /aliases are not allowed/],
  ["an unknown tag", "A: !Nothing x", /Unknown tag !Nothing/],
  ["no resources", "Resources: {}", /At least one Resources member must be defined/],
  ["an unknown section", `${RESOURCES}Output: {}`, /Invalid template property or properties \[Output\]/],
  ["another version", `AWSTemplateFormatVersion: "2020-01-01"\n${RESOURCES}`, /must be the string '2010-09-09'/],
  ["a resource without type", "Resources: { A: { Properties: {} } }", /must contain a Type member/],
  ["a name with a hyphen", "Resources: { a-b: { Type: A::B::Cd } }", /non alphanumeric/],
  [
    "a reference to nothing",
    "Resources: { A: { Type: A::B::Cd, Properties: { X: !Ref None, Y: !GetAtt Other.Arn } } }",
    /Unresolved resource dependencies \[None, Other\] in the Resources block/,
  ],
  ["an output of nothing", `${RESOURCES}Outputs: { O: { Value: !Ref None } }`, /in the Outputs block/],
  [
    "a condition of nothing",
    "Resources: { A: { Type: A::B::Cd, Condition: None } }",
    /Unresolved condition dependency None/,
  ],
  [
    "a circle",
    "Resources: { A: { Type: A::B::Cd, DependsOn: B }, B: { Type: A::B::Cd, Properties: { X: !GetAtt A.Arn } } }",
    /Circular dependency between resources: \[A, B\]/,
  ],
  ["a macro", `Transform: AWS::Serverless-2016-10-31\n${RESOURCES}`, /Transform is not built/],
])("Refused: %s", (_, text, message) => {
  expect(() => parseTemplate(text)).toThrow(message);
});

test("Functions are carried out, at any depth", () => {
  const scope = scopeOf(`Mappings: { M: { eu-west-1: { Name: ireland } } }\n${RESOURCES}`, { Names: ["a", "b"] });
  const value = readYaml(`
ref: !Ref Parameter
attribute: !GetAtt Parameter.A.B
sub: !Sub ["\${AWS::Region}/\${Own}/\${Parameter.Value}/\${!Literal}", { Own: !Select [1, !Ref Names] }]
join: !Join ["-", [x, !Ref "AWS::AccountId"]]
split: !Split [",", "a,b"]
mapped: !FindInMap [M, !Ref "AWS::Region", Name]
base64: !Base64 x
list: [1, !Ref "AWS::NoValue", 2]
gone: !Ref "AWS::NoValue"
`);

  expect(resolve(value, scope)).toEqual({
    ref: "/p",
    attribute: "dotted",
    sub: "eu-west-1/b/v/${Literal}",
    join: "x-111122223333",
    split: ["a", "b"],
    mapped: "ireland",
    base64: "eA==",
    list: [1, 2],
  });
  expect(() => resolve({ "Fn::Select": [5, ["a"]] }, scope)).toThrow("nonexistent value at index 5");
  expect(() => resolve({ "Fn::GetAtt": ["Parameter", "None"] }, scope)).toThrow("does not support attribute type None");
  expect(() => resolve({ "Fn::ImportValue": "x" }, scope)).toThrow("not built");
});

test("Conditions compare, combine and choose", () => {
  const scope = scopeOf(
    `Conditions:
  Big: !Equals [!Ref Size, 3]
  Small: !Not [!Condition Big]
  Both: !And [!Condition Big, !Condition Small]
  Either: !Or [!Condition Big, !Condition Small]
Parameters: { Size: { Type: Number } }
${RESOURCES}`,
    { Size: "3" },
  );

  expect(["Big", "Small", "Both", "Either"].map((name) => conditionHolds(name, scope))).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(resolve({ "Fn::If": ["Small", "s", "b"] }, scope)).toBe("b");
});

describe("parameters", () => {
  const template = parseTemplate(`Parameters:
  Stage: { Type: String, AllowedValues: [test, production], Default: test }
  Count: { Type: Number, MinValue: 1, MaxValue: 5, Default: 2 }
  Name: { Type: String, MinLength: 2, AllowedPattern: "[a-z]+", ConstraintDescription: "small letters" }
  Ids: { Type: CommaDelimitedList, Default: "a, b" }
${RESOURCES}`);
  const given = (values: Record<string, string>) =>
    parameterValues(
      template,
      Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    );

  test("take their defaults, and lists are lists", () => {
    const values = given({ Name: "web" });
    const ids = values.get("Ids");

    expect([...values.values()].map(({ value }) => value)).toEqual(["test", "2", "web", "a, b"]);
    expect(ids && template.Parameters.Ids && referenceValue(template.Parameters.Ids, ids)).toEqual(["a", "b"]);
  });

  test.each<[Record<string, string>, string]>([
    [{}, "Parameters: [Name] must have values"],
    [{ Name: "web", Other: "x" }, "Parameters: [Other] do not exist in the template"],
    [{ Name: "web", Stage: "x" }, "Parameter 'Stage' must be one of AllowedValues"],
    [{ Name: "web", Count: "6" }, "Parameter 'Count' must be a number not greater than 5"],
    [{ Name: "web", Count: "x" }, "Parameter 'Count' must be a number"],
    [{ Name: "WEB" }, "Parameter Name failed to satisfy constraint: small letters"],
  ])("%j: %s", (values, message) => {
    expect(() => given(values)).toThrow(message);
  });
});

test("Resources are created after their dependencies, and IAM resources require a capability", () => {
  const template = parseTemplate(`Resources:
  Policy: { Type: AWS::IAM::Policy, Properties: { PolicyName: p, Roles: [!Ref Role], PolicyDocument: {} } }
  Role: { Type: AWS::IAM::Role, DependsOn: [Parameter], Properties: { RoleName: r } }
  Parameter: { Type: AWS::SSM::Parameter }
`);

  expect(creationOrder(template)).toEqual(["Parameter", "Role", "Policy"]);
  expect(neededCapability(template)).toBe("CAPABILITY_NAMED_IAM");
});
