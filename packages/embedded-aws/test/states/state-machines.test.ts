import { expect, it } from "vitest";
import { machine, roleArn, Workbench } from "./workbench.ts";

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
