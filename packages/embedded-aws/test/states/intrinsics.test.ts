import { expect, it } from "vitest";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { Workbench } from "./workbench.ts";

/** A machine of one Pass state with that call in its Parameters. */
const calling = (call: string) => ({
  StartAt: "A",
  States: { A: { Type: "Pass", Parameters: { "value.$": call }, End: true } },
});

const input = {
  list: [1, 2, 2, { a: 1, b: [2] }, { b: [2], a: 1 }],
  none: [],
  name: "Ann",
  template: "{} and {}",
  text: ",,a,,b",
  base: "RGF0YQ==",
  json: '{"deep":[1]}',
  old: { a: { x: 1 }, b: 2 },
  new: { a: { y: 2 } },
  "odd[name]": "x(1), 2",
};

/** The examples of the Developer Guide's page, and what it says in words. */
const results: [call: string, value: unknown][] = [
  ["States.Array()", []],
  ["States.Array( 1 , -2.5,'a, b)', true,null , $.name )", [1, -2.5, "a, b)", true, null, "Ann"]],
  ["States.Array($['odd[name]'], $.list[?(@.a == 1)].b, $$.State.Name)", ["x(1), 2", [[2], [2]], "A"]],
  ["States.Array('it\\'s', '\\{\\}', 'a\\\\b')", ["it's", "{}", "a\\b"]],
  ["States.ArrayPartition($.list, 1.6)", [[1, 2], [2, input.list[3]], [input.list[4]]]],
  ["States.ArrayContains($.list, 5)", false],
  ["States.ArrayContains($.list, $.list[4])", true],
  ["States.ArrayRange(1, 9, 2)", [1, 3, 5, 7, 9]],
  ["States.ArrayRange(3, 1, -1)", [3, 2, 1]],
  ["States.ArrayRange(3, 1, 1)", []],
  ["States.ArrayGetItem($.list, 1)", 2],
  ["States.ArrayLength($.none)", 0],
  ["States.ArrayUnique($.list)", [1, 2, { a: 1, b: [2] }]],
  ["States.Base64Encode('Data')", "RGF0YQ=="],
  ["States.Base64Decode($.base)", "Data"],
  ["States.Hash('input data', 'MD5')", "812f45842bc6d66ee14572ce20db8e86"],
  ["States.JsonMerge($.old, $.new, false)", { a: { y: 2 }, b: 2 }],
  ["States.StringToJson($.json)", { deep: [1] }],
  ["States.JsonToString($.old)", '{"a":{"x":1},"b":2}'],
  ["States.MathAdd(111, -1)", 110],
  ["States.MathRandom(3, 4)", 3],
  ["States.StringSplit($.text, ',')", ["a", "b"]],
  ["States.Format($.template, $.name, $.old)", "Ann and {a={x=1}, b=2}"],
  ["States.Format('\\{{}\\} {}', $.none, $.list[0])", "{[]} 1"],
  ["States.MathAdd(States.ArrayLength(States.ArrayUnique($.list)), 1)", 4],
];

it.each(results)("%s is %j", async (call, value) => {
  const run = await new Workbench().run(calling(call), input);

  expect(run.output).toEqual({ value });
});

it("random numbers and UUIDs are the same in the same run; a seed repeats its number", async () => {
  const call = "States.Array(States.MathRandom(0, 1000000), States.MathRandom(0, 1000000, 7), States.UUID())";

  const [first, again] = [await new Workbench().run(calling(call)), await new Workbench().run(calling(call))];

  expect(first.output).toEqual(again.output);
  expect(first.output).toEqual({
    value: [expect.any(Number), expect.any(Number), expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4/)],
  });
});

const failures: [call: string, why: string][] = [
  ["States.ArrayGetItem($.list, 5)", "the index 5 is outside an array of 5"],
  ["States.ArrayPartition($.list, 0)", "the size 0 of a part is not positive"],
  ["States.ArrayRange(1, 9, 0)", "the step is 0"],
  ["States.ArrayRange(0, 5000, 1)", "5001 elements; at most 1000 are allowed"],
  ["States.ArrayLength($.name)", 'expected an array but was "Ann"'],
  ["States.Base64Decode('a-b')", "the text is not Base64"],
  ["States.Base64Encode($.list)", "expected a string but was [1,2,2,"],
  ["States.Hash('a', 'CRC')", "not CRC"],
  ["States.JsonMerge($.old, $.new, true)", "only a shallow merge exists"],
  ["States.JsonMerge($.old, $.list, false)", "must be JSON objects"],
  ["States.StringToJson($.name)", "Unexpected token"],
  ["States.MathAdd(2147483647, 1)", "expected an integer from -2147483648 to 2147483647"],
  ["States.MathAdd('1', 1)", 'but was "1"'],
  ["States.MathRandom(4, 4)", "the start 4 is not below the end 4"],
  ["States.Format('{}', 1, 2)", "number of arguments do not match the occurrences of {}"],
  ["States.Format('{} {}', 1)", "number of arguments do not match the occurrences of {}"],
  ["States.Format('{ {}', 1)", "'{' without its counterpart"],
];

it.each(failures)("%s fails its state, and States.ALL catches it", async (call, why) => {
  const run = await new Workbench().run(calling(call), input);
  const Branches = [calling(call)];
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
  const outer = {
    StartAt: "P",
    States: { P: { Type: "Parallel", Branches, Catch, End: true }, Caught: { Type: "Succeed" } },
  };
  const caught = await new Workbench().run(outer, input);

  expect(run).toMatchObject({ status: "FAILED", error: "States.IntrinsicFailure", cause: containing(why) });
  expect(run.cause).toContain(
    `An error occurred while executing the state 'A' (entered at the event id #2). The function '${call}' had the`,
  );
  expect(caught.status).toBe("SUCCEEDED");
});

it("an argument that finds nothing fails the execution, with the field's whole call in the cause", async () => {
  const run = await new Workbench().run(calling("States.Array(States.Format('{}', $.no))"), { a: 1 });

  expect(run).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  expect(run.cause).toBe(
    "An error occurred while executing the state 'A' (entered at the event id #2). " +
      "The function 'States.Array(States.Format('{}', $.no))' had the following error: " +
      `The JsonPath argument for the field '$.no' could not be found in the input '{"a":1}'`,
  );
});

const nested = (depth: number): string => (depth === 0 ? "1" : `States.Array(${nested(depth - 1)})`);

const refused = [
  "States.Unknown()",
  "States.toString()",
  "States.UUID(1)",
  "States.MathAdd(1)",
  "States.Format()",
  "States.Array(1,)",
  "States.Array(1 2)",
  "States.Array(1",
  "States.Array(1).a",
  "States.Array('a\\n')",
  'States.Array("a")',
  "States.Array($.a[0)",
  "States.Array(a)",
  nested(11),
];

it.each(refused)("%s is refused as AWS refuses it", async (call) => {
  await expectRefusal(
    new Workbench().create(calling(call)),
    "InvalidDefinition",
    containing("The value for the field 'value.$' must be a valid JSONPath or a valid intrinsic function call at"),
  );
});

it("a Fail state's paths call functions, up to ten in one field; other paths do not", async () => {
  const fail = (fields: object) => ({ StartAt: "F", States: { F: { Type: "Fail", ...fields } } });

  const run = await new Workbench().run(
    fail({ ErrorPath: "States.Format('E{}', $.code)", CausePath: "States.JsonToString($)" }),
    { code: 7 },
  );
  const deep = await new Workbench().run(calling(nested(10)));
  const wrong = new Workbench().create({
    StartAt: "A",
    States: { A: { Type: "Pass", InputPath: "States.UUID()", End: true } },
  });

  expect(run).toMatchObject({ status: "FAILED", error: "E7", cause: '{"code":7}' });
  expect(deep.status).toBe("SUCCEEDED");
  await expectRefusal(wrong, "InvalidDefinition", containing("Reference path didn't start with '$' at"));
});
