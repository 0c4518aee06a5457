import { describe, expect, it } from "vitest";
import { at, blueprint, resourcesOf } from "../world/read-blueprint.ts";

interface State {
  Type: string;
  Resource?: string;
  Arguments?: { FunctionName: string };
  TimeoutSeconds?: number | string;
  Retry?: { ErrorEquals: string[] }[];
  Catch?: { Next: string }[];
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  ItemProcessor?: { StartAt: string; States: Record<string, State> };
}

const [machine] = resourcesOf("StateMachine");
const definition = at<{
  StartAt: string;
  States: Record<string, State>;
  TimeoutSeconds: number;
  QueryLanguage: string;
}>(machine!, "definition");
const top = Object.entries(definition.States);
const all = top.flatMap(([name, state]) => [
  [name, state] as const,
  ...Object.entries(state.ItemProcessor?.States ?? {}),
]);
const tasks = all.filter(([, { Type }]) => Type === "Task");
const nextOf = ({ Next, Default, Choices = [], Catch = [] }: State): string[] =>
  [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((one) => one.Next)].filter(
    (name) => name !== undefined,
  );

describe("the promotion", () => {
  it("calls each of its functions, and each of them exists", () => {
    const called = tasks.flatMap(([, { Arguments }]) => Arguments?.FunctionName?.split(":").at(-1) ?? []);

    const deployed = resourcesOf("Function").map((lambda) => at<string>(lambda, "name"));

    expect(called.filter((name) => !deployed.includes(name))).toEqual([]);
    expect(called.toSorted()).toEqual(
      [
        "check-canary",
        "check-promotion",
        "collect-evidence",
        "confirm-channel",
        "decide-gate",
        "distribute-image",
        "end-canary",
        "expire-approval",
        "keep-grants",
        "move-channel",
        "prepare-image",
        "record-copy",
        "request-approval",
        "share-image",
        "share-parameter",
        "start-canary",
        "undo-promotion",
        "verify-parameter",
        "verify-share",
      ].map((name) => `amint-${blueprint.factory}-${name}`),
    );
  });

  it("waits for every task a limited time, longer than the function's own", () => {
    const limits = new Map(
      resourcesOf("Function").map((lambda) => [at<string>(lambda, "name"), at<number>(lambda, "timeout")]),
    );

    for (const [name, { Arguments, TimeoutSeconds = 0 }] of tasks) {
      // Approvers have as long as the plan allows.
      if (name === "RequestApproval") continue;
      const own = limits.get(Arguments?.FunctionName?.split(":").at(-1) ?? "") ?? 0;
      expect(TimeoutSeconds, name).toBeGreaterThan(own);
    }
    expect(definition.States.RequestApproval?.TimeoutSeconds).toBe("{% $channel.approval.timeoutSeconds %}");
    expect(definition.TimeoutSeconds).toBe(30 * 86_400);
  });

  it("retries transient errors", () => {
    const impatient = tasks.filter(([, { Retry = [] }]) => Retry.length === 0);

    expect(impatient.map(([name]) => name)).toEqual([]);
  });

  it("reverts its changes when anything fails", () => {
    const changing = top.filter(([name, { Type }]) => (Type === "Task" || Type === "Map") && name !== "UndoPromotion");

    expect(changing.length).toBeGreaterThan(0);
    for (const [name, { Catch = [] }] of changing) {
      expect(Catch.at(-1), name).toMatchObject({ ErrorEquals: ["States.ALL"], Next: "TakeBack" });
    }
    expect(nextOf(definition.States.TakeBack!)).toEqual(["UndoPromotion", "StillBehind"]);
    expect(nextOf(definition.States.UndoPromotion!)).toEqual(["PromotionFailed"]);
  });

  it("shares only after the gate has let the build through and as many regions as the channel asks for have their copy", () => {
    expect(definition.States.GateVerdict).toMatchObject({ Choices: [{ Next: "Distribute" }], Default: "Rejected" });
    const into = (state: string) => top.filter(([, one]) => nextOf(one).includes(state)).map(([name]) => name);
    expect(into("NextChannel")).toEqual(["Distribute", "Advance"]);
    expect(into("ApprovalNeeded")).toEqual(["EnoughRegions"]);
    expect(into("KeepGrants")).toEqual(["CheckVerdict"]);
    expect(into("ShareEverywhere")).toEqual(["KeepGrants"]);
    expect(into("MoveChannel")).toEqual(["ShareEverywhere"]);
  });

  it("shares with a channel that requires approval only approved builds, and undoes nothing when one is rejected", () => {
    const { ApprovalNeeded, RequestApproval, ExpireApproval, ApprovalVerdict } = definition.States;

    expect(definition.States.NextChannel?.Choices?.map(({ Next }) => Next)).toEqual(["EnoughRegions"]);
    expect(nextOf(ApprovalNeeded!)).toEqual(["CheckPromotion", "RequestApproval"]);
    expect(nextOf(RequestApproval!)).toEqual(["ApprovalVerdict", "ExpireApproval", "TakeBack"]);
    expect(nextOf(ExpireApproval!)).toEqual(["ApprovalVerdict", "TakeBack"]);
    expect(ApprovalVerdict).toMatchObject({
      Choices: [{ Condition: "{% $states.input.verdict = 'granted' %}", Next: "CheckPromotion" }, {}, {}],
      Default: "ApprovalExpired",
    });
    expect(definition.States.ApprovalDenied).toEqual({ Type: "Succeed" });
    expect(definition.States.ApprovalExpired).toEqual({ Type: "Succeed" });
  });

  it("ends its waiting for a copy that ends in any way", () => {
    const { CopyState } = definition.States.Distribute!.ItemProcessor!.States;

    const text = JSON.stringify(CopyState);

    for (const status of ["AVAILABLE", "FAILED", "CANCELLED", "DELETED", "DEPRECATED", "DISABLED"]) {
      expect(text).toContain(`'${status}'`);
    }
    expect(text).toContain("CopyTimedOut");
  });

  it("leaves a region behind whose states fail, without failing the others", () => {
    for (const name of ["Distribute", "ShareEverywhere"]) {
      const { States } = definition.States[name]!.ItemProcessor!;
      for (const [inner, { Type, Catch = [] }] of Object.entries(States)) {
        if (Type === "Task") expect(Catch.length, `${name} ${inner}`).toBeGreaterThan(0);
        expect(Type, `${name} ${inner}`).not.toBe("Fail");
      }
    }
  });

  it("has no state that cannot be reached", () => {
    const unreached = (start: string, states: Record<string, State>): string[] => {
      const seen = new Set([start]);
      for (const name of seen) for (const next of nextOf(states[name]!)) seen.add(next);
      return Object.keys(states).filter((name) => !seen.has(name));
    };

    expect(unreached(definition.StartAt, definition.States)).toEqual([]);
    for (const [, { ItemProcessor }] of top) {
      if (ItemProcessor) expect(unreached(ItemProcessor.StartAt, ItemProcessor.States)).toEqual([]);
    }
  });

  it("sends a notice when it fails or hangs", () => {
    const alarmed = resourcesOf("MetricAlarm")
      .filter((alarm) => at(alarm, "namespace") === "AWS/States" && at<string>(alarm, "name").includes("-promotion-"))
      .map((alarm) => at<string>(alarm, "metricName"));

    expect(alarmed.toSorted()).toEqual(["ExecutionsFailed", "ExecutionsTimedOut"]);
  });
});
