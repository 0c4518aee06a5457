import { type Functions, named, start, type Workbench } from "embedded-aws/testing/states";
import { expect, it } from "vitest";
import { promotion } from "./promotion-machine.ts";
import { decision, input, promotionWorkbench } from "./promotion-workbench.ts";

const DAY = 24 * 3_600_000;
const [candidate, stable] = decision.channels;
const approval = { approvers: ["ada", "grace"], required: 1, timeoutSeconds: 3 * 86_400, remindAfterSeconds: 86_400 };
const asking = { ...decision, channels: [candidate, { ...stable, approval }] };

interface Asked {
  readonly channel: string;
  readonly approval: object;
  readonly token: string;
}

/** A promotion that waits for approval before its second channel. */
async function waiting(more: Functions = {}) {
  const asked: Asked[] = [];
  const { log, workbench } = promotionWorkbench({
    "decide-gate": () => asking,
    "request-approval": (event) => void asked.push(event as Asked),
    ...more,
  });
  const execution = await workbench.begin(await workbench.create(promotion), input);
  await workbench.clock.runUntil(start + 2 * DAY);
  return { asked, log, workbench, execution };
}

const answer = async (workbench: Workbench, { token }: Asked, verdict: string) => {
  await workbench.call("SendTaskSuccess", { taskToken: token, output: JSON.stringify({ verdict }) });
  await workbench.clock.runUntil(workbench.clock.now() + 30 * DAY);
};

it("people are asked before a channel's shares, and not about channels without approval", async () => {
  const { asked, log, workbench, execution } = await waiting();

  const run = await workbench.look(execution);

  expect(run.status).toBe("RUNNING");
  expect(asked).toMatchObject([{ channel: "stable", approval }]);
  expect(asked[0]?.token).toBeTruthy();
  expect(log.filter((line) => line.includes("stable"))).toEqual(["request-approval stable +1460m"]);
});

it.each([
  ["granted", "confirm-channel stable +2880m"],
  ["denied", "request-approval stable +1460m"],
  ["withdrawn", "request-approval stable +1460m"],
])("a build that is %s goes as far as it may, and nothing is undone", async (verdict, last) => {
  const { asked, log, workbench, execution } = await waiting();

  await answer(workbench, asked[0]!, verdict);

  const run = await workbench.look(execution);
  expect(run.status).toBe("SUCCEEDED");
  expect(log.at(-1)).toBe(last);
});

it("a build that stops being urgent completes its usual soak, and then approvers are asked", async () => {
  const owed = [{ soakSeconds: 22 * 3600 }, { approval }, {}];
  const { asked, log, workbench, execution } = await waiting({
    "decide-gate": () => ({ ...decision, channels: [{ ...candidate, soakSeconds: 7200 }, stable] }),
    "check-promotion": (event) => ({
      goesOn: true,
      ...((event as { channel: string }).channel === "stable" ? owed.shift() : {}),
    }),
  });

  expect(asked).toMatchObject([{ channel: "stable", approval }]);
  await answer(workbench, asked[0]!, "granted");

  expect((await workbench.look(execution)).status).toBe("SUCCEEDED");
  expect(log.filter((line) => line.includes("stable") && !line.startsWith("share"))).toEqual([
    "check-promotion stable +140m",
    "check-promotion stable +1460m",
    "request-approval stable +1460m",
    "check-promotion stable +2880m",
    "move-channel stable +2880m",
    "confirm-channel stable +2880m",
  ]);
});

it("an approval without an answer expires, and earlier channels stay", async () => {
  const { log, workbench, execution } = await waiting();

  await workbench.clock.runUntil(start + 10 * DAY);

  const run = await workbench.look(execution);
  expect(run.status).toBe("SUCCEEDED");
  expect(log.at(-1)).toBe(`expire-approval stable +${1460 + 3 * 24 * 60}m`);
});

it("an answer just before the timeout counts, by the ledger's decision", async () => {
  const { log, workbench, execution } = await waiting({ "expire-approval": () => ({ verdict: "granted" }) });

  await workbench.clock.runUntil(start + 10 * DAY);

  expect((await workbench.look(execution)).status).toBe("SUCCEEDED");
  expect(log.at(-1)).toMatch(/^confirm-channel stable/);
});

it("a request that dies half-way is made again with a new token", async () => {
  const tokens: string[] = [];
  const { workbench, execution } = await waiting({
    "request-approval": (event) => {
      tokens.push((event as Asked).token);
      if (tokens.length === 1) throw named("Runtime.ExitError", "half-way");
    },
  });

  await answer(workbench, { token: tokens[1]!, channel: "", approval: {} }, "granted");

  expect(new Set(tokens).size).toBe(2);
  expect((await workbench.look(execution)).status).toBe("SUCCEEDED");
});

it("a request that fails permanently undoes the promotion", async () => {
  const { log, workbench, execution } = await waiting({
    "request-approval": () => {
      throw named("InvalidEvent", "not understood");
    },
  });

  expect((await workbench.look(execution)).status).toBe("FAILED");
  expect(log.at(-1)).toMatch(/^undo-promotion/);
});
