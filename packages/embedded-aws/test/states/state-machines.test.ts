import { expect, it } from "vitest";
import { functionArn, machine, roleArn, Workbench } from "./workbench.ts";

const done = machine({ Done: { Type: "Succeed" } });
const create = (workbench: Workbench, definition: unknown, name = "machine") =>
  workbench.call("CreateStateMachine", {
    name,
    roleArn,
    definition: typeof definition === "string" ? definition : JSON.stringify(definition),
  });

it("creating the same machine twice is once; another definition under the name is refused", async () => {
  const workbench = new Workbench();
  const first = await create(workbench, done);

  const second = await create(workbench, done);
  const other = create(workbench, machine({ Other: { Type: "Succeed" } }));

  expect(second).toEqual(first);
  await expect(other).rejects.toMatchObject({ code: "StateMachineAlreadyExists" });
});

const wrong: Record<string, [definition: unknown, message: string]> = {
  "no JSON": ["{", "Definition must be a valid JSON object"],
  "no states": [{ StartAt: "A" }, "These fields are required: [States] at /"],
  "a start that is not there": [
    machine({ A: { Type: "Succeed" } }, { StartAt: "B" }),
    "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /StartAt",
  ],
  "a target that is not there": [
    machine({ A: { Type: "Pass", Next: "B" } }),
    "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next",
  ],
  "a state that nothing leads to": [
    machine({ A: { Type: "Pass", End: true }, B: { Type: "Succeed" } }),
    'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
  ],
  "no end": [
    machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }),
    "MISSING_END_STATE: Workflow has no terminal state at null",
  ],
  "an unknown type": [machine({ A: { Type: "Sleep", End: true } }), "at /States/A/Type"],
  "an unknown field": [
    machine({ A: { Type: "Pass", Retry: [], End: true } }),
    "SCHEMA_VALIDATION_FAILED: Field 'Retry' is not supported at /States/A",
  ],
  "a field of the other query language": [
    machine({ A: { Type: "Pass", Result: 1, End: true } }),
    "The QueryLanguage is set to 'JSONata', but field 'Result' is only supported for the 'JSONPath' QueryLanguage at /States/A",
  ],
  "no way on": [machine({ A: { Type: "Pass" } }), "at /States/A"],
  "an expression that does not parse": [
    machine({ A: { Type: "Pass", Output: { x: "{% 1 + %}" }, End: true } }),
    "does not parse",
  ],
  "a mistake in a branch": [
    machine({ A: { Type: "Parallel", Branches: [{ StartAt: "X", States: {} }], End: true } }),
    "at /States/A/Branches[0]/States",
  ],
  "States.ALL beside other names": [
    machine({
      A: { Type: "Task", Resource: functionArn("f"), Retry: [{ ErrorEquals: ["States.ALL", "X"] }], End: true },
    }),
    "at /States/A/Retry[0]/ErrorEquals",
  ],
  "a variable named states": [machine({ A: { Type: "Pass", Assign: { states: 1 }, End: true } }), "reserved"],
};

it.each(Object.entries(wrong))("a definition with %s is refused with its place", async (_, [definition, message]) => {
  const refused = create(new Workbench(), definition);

  await expect(refused).rejects.toMatchObject({ code: "InvalidDefinition", message: expect.stringContaining(message) });
});

const unbuilt: Record<string, [definition: unknown, message: string]> = {
  "an intrinsic function": [
    { StartAt: "A", States: { A: { Type: "Pass", Parameters: { "id.$": "States.UUID()" }, End: true } } },
    "the intrinsic function 'States.UUID', in the field 'id.$', is not built in the embedded AWS (state 'A')",
  ],
  "a function of JSONPath": [
    { StartAt: "A", States: { A: { Type: "Pass", InputPath: "$.items.length()", End: true } } },
    "the JSONPath function 'length()' in '$.items.length()', in the field 'InputPath', is not built",
  ],
  "a distributed Map": [
    machine({
      A: {
        Type: "Map",
        ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, StartAt: "X", States: { X: { Type: "Succeed" } } },
        End: true,
      },
    }),
    "distributed Map is not built",
  ],
  "an integration that is missing": [
    machine({ A: { Type: "Task", Resource: "arn:aws:states:::glue:startJobRun.sync", End: true } }),
    "the resource 'arn:aws:states:::glue:startJobRun.sync' is not built",
  ],
};

it.each(Object.entries(unbuilt))("%s is refused by name, not run wrongly", async (_, [definition, message]) => {
  const refused = create(new Workbench(), definition);

  await expect(refused).rejects.toMatchObject({ code: "NotImplemented", message: expect.stringContaining(message) });
});

it("an update changes what starts from then on, not what runs", async () => {
  const workbench = new Workbench();
  const stateMachineArn = await workbench.create(
    machine({ Wait: { Type: "Wait", Seconds: 10, Output: "old", End: true } }),
  );
  const running = await workbench.begin(stateMachineArn);

  await workbench.call("UpdateStateMachine", {
    stateMachineArn,
    definition: JSON.stringify(machine({ Tell: { Type: "Pass", Output: "new", End: true } })),
  });
  const later = await workbench.begin(stateMachineArn);
  await workbench.clock.runUntil(workbench.clock.now() + 60_000);

  expect((await workbench.look(running)).output).toBe("old");
  expect((await workbench.look(later)).output).toBe("new");
});

it("a deleted machine lets its executions end, then it is gone", async () => {
  const workbench = new Workbench();
  const stateMachineArn = await workbench.create(machine({ Wait: { Type: "Wait", Seconds: 10, End: true } }));
  await workbench.begin(stateMachineArn);

  await workbench.call("DeleteStateMachine", { stateMachineArn });

  expect(await workbench.call("DescribeStateMachine", { stateMachineArn })).toMatchObject({ status: "DELETING" });
  await expect(workbench.begin(stateMachineArn)).rejects.toMatchObject({ code: "StateMachineDeleting" });
  await workbench.clock.runUntil(workbench.clock.now() + 60_000);
  const gone = workbench.call("DescribeStateMachine", { stateMachineArn });
  await expect(gone).rejects.toMatchObject({ code: "StateMachineDoesNotExist" });
});

it("machines are listed by name, page by page, and an invented token is refused", async () => {
  const workbench = new Workbench();
  for (const name of ["c", "a", "b"]) await create(workbench, done, name);
  type Page = { stateMachines: { name: string }[]; nextToken?: string };

  const first = await workbench.call<Page>("ListStateMachines", { maxResults: 2 });
  const second = await workbench.call<Page>("ListStateMachines", { maxResults: 2, nextToken: first.nextToken });

  expect([first, second].map(({ stateMachines }) => stateMachines.map(({ name }) => name))).toEqual([
    ["a", "b"],
    ["c"],
  ]);
  expect(second.nextToken).toBeUndefined();
  await expect(workbench.call("ListStateMachines", { nextToken: "x" })).rejects.toMatchObject({ code: "InvalidToken" });
});

it("tags come and go", async () => {
  const workbench = new Workbench();
  const resourceArn = await workbench.create(done);

  await workbench.call("TagResource", {
    resourceArn,
    tags: [
      { key: "a", value: "1" },
      { key: "b", value: "2" },
    ],
  });
  await workbench.call("UntagResource", { resourceArn, tagKeys: ["a"] });

  expect(await workbench.call("ListTagsForResource", { resourceArn })).toEqual({ tags: [{ key: "b", value: "2" }] });
});
