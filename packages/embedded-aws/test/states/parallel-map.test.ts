import { expect, it } from "vitest";
import { invoke, machine, named, runStates, Workbench } from "./workbench.ts";

const branch = (States: Record<string, object>) => ({ StartAt: Object.keys(States)[0], States });

it("Parallel gives its branches' outputs in order, and outer variables can be read, not changed, inside", async () => {
  const run = await runStates({
    Set: { Type: "Pass", Assign: { x: 1 }, Next: "Both" },
    Both: {
      Type: "Parallel",
      Arguments: { n: "{% $x + 1 %}" },
      Branches: [
        branch({ Slow: { Type: "Wait", Seconds: 5, Output: "{% [$x, $states.input.n] %}", End: true } }),
        branch({
          Shadow: { Type: "Pass", Assign: { x: 99 }, Next: "Read" },
          Read: { Type: "Pass", Output: "{% $x %}", End: true },
        }),
      ],
      Assign: { results: "{% $states.result %}" },
      Next: "After",
    },
    After: { Type: "Pass", Output: { x: "{% $x %}", results: "{% $results %}" }, End: true },
  });

  expect(run.output).toEqual({ x: 1, results: [[1, 2], 99] });
});

it("the first failing branch ends the others, and can be retried and caught as one", async () => {
  let calls = 0;
  const workbench = new Workbench({
    broken: () => {
      calls++;
      throw named("Boom");
    },
  });
  const definition = machine({
    Both: {
      Type: "Parallel",
      Branches: [
        branch({ Long: { Type: "Wait", Seconds: 9_999, End: true } }),
        branch({ Try: invoke("broken", { End: true }) }),
      ],
      Retry: [{ ErrorEquals: ["Boom"], IntervalSeconds: 1, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: "Caught" }],
      End: true,
    },
    Caught: { Type: "Succeed" },
  });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "SUCCEEDED", output: "Boom", seconds: 1 });
  expect(calls).toBe(2);
  expect(run.types.filter((type) => type === "WaitStateAborted")).toHaveLength(2);
});

it("Map keeps the order of its items and knows index and value", async () => {
  const definition = machine({
    Each: {
      Type: "Map",
      Items: "{% $states.input.regions %}",
      ItemSelector: { region: "{% $states.context.Map.Item.Value %}", at: "{% $states.context.Map.Item.Index %}" },
      ItemProcessor: branch({
        Wait: { Type: "Wait", Seconds: "{% 10 - $states.input.at %}", Next: "Tell" },
        Tell: {
          Type: "Pass",
          Output: "{% $states.input.region & $string($states.context.Map.Item.Index) %}",
          End: true,
        },
      }),
      End: true,
    },
  });

  const run = await new Workbench().run(definition, { regions: ["a", "b", "c"] });

  expect(run).toMatchObject({ output: ["a0", "b1", "c2"], seconds: 10 });
});

it("MaxConcurrency is the most iterations at once", async () => {
  let [now, most] = [0, 0];
  const workbench = new Workbench({
    work: async (_, { clock }) => {
      most = Math.max(most, ++now);
      await clock.sleep(1_000);
      now--;
    },
  });
  const ItemProcessor = branch({ Work: invoke("work", { End: true }) });
  const definition = machine({
    Each: { Type: "Map", Items: [1, 2, 3, 4, 5], MaxConcurrency: 2, ItemProcessor, End: true },
  });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "SUCCEEDED", seconds: 3 });
  expect(most).toBe(2);
});

it("a failing iteration ends the others and is the Map's error; no further item starts", async () => {
  const seen: unknown[] = [];
  const workbench = new Workbench({
    work: (event) => {
      seen.push(event);
      if (event === 2) throw named("Boom");
    },
  });
  const ItemProcessor = branch({
    Work: invoke("work", { Next: "Rest" }),
    Rest: { Type: "Wait", Seconds: 60, End: true },
  });
  const definition = machine({
    Each: { Type: "Map", Items: [1, 2, 3, 4], MaxConcurrency: 2, ItemProcessor, End: true },
  });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "FAILED", error: "Boom", seconds: 0 });
  expect(seen).toEqual([1, 2]);
  expect(run.types).toContain("MapIterationAborted");
  expect(run.types.slice(-2)).toEqual(["MapStateFailed", "ExecutionFailed"]);
});
