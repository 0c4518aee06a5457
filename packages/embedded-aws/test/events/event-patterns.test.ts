import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { newEvents } from "./new-events.ts";

interface Case {
  readonly name: string;
  readonly pattern?: unknown;
  readonly patternText?: string;
  readonly event?: unknown;
  readonly eventText?: string;
  readonly expected: "match" | "no-match" | "error";
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly errorMessageRaw?: string;
}

const recorded = new URL("../../../../../shared/conformance/event-patterns.json", import.meta.url);
const cases: Case[] = existsSync(recorded) ? JSON.parse(readFileSync(recorded, "utf8")) : [];

describe("TestEventPattern agrees with AWS's recorded answers", { tags: "needs/shared-event-patterns" }, () => {
  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const { events } = newEvents();
    const EventPattern = sentText(one) ?? one.patternText ?? JSON.stringify(one.pattern);
    const Event = one.eventText ?? JSON.stringify(one.event);

    const answer = await events<{ Result: boolean }>("TestEventPattern", { EventPattern, Event }).catch(toRefusal);

    if (one.expected !== "error") expect(answer).toEqual({ Result: one.expected === "match" });
    else expect(answer).toEqual({ code: one.errorCode, message: recordedMessage(one) });
  });
});

const toRefusal = (error: { code: string; message: string }) => ({ code: error.code, message: error.message });

/** The recorder masked region and partition in some texts; then only the reason can be compared. */
const isMasked = (text: string): boolean => text.includes("<");

/** The pattern as it was sent, spaces and all: positions depend on it. */
const sentText = (one: Case): string | undefined => {
  const text = /at \[Source: \(String\)"(.*)"; line: /.exec(one.errorMessageRaw ?? "")?.[1];
  return text === undefined || isMasked(text) ? undefined : text;
};

function recordedMessage(one: Case): unknown {
  const whole = one.errorMessageRaw ?? one.errorMessage ?? "";
  const [reason = "", position] = whole.split("\n");
  if (position === undefined || one.patternText !== undefined) return whole;
  return isMasked(whole)
    ? expect.stringMatching(new RegExp(`^${literal(reason)}\n at \\[Source: `))
    : `${reason}\n${position}`;
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
