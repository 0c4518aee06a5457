import { type PendingReason, recordHeld, removePending } from "../../adapters/build/claims.ts";
import { recordReported, recordSuppressed, type SuppressedReason } from "../../adapters/build/reasons.ts";
import { putEvent } from "../../adapters/bus.ts";
import type { Never, Wait } from "../../core/build/decide-start.ts";
import { mergeTriggers, type Reason } from "../../core/build/reasons.ts";
import { triggerSuppressed } from "../../events/build.ts";
import type { Invocation } from "../invocation.ts";
import type { Advance } from "./advance.ts";

/** Needs no clients, so that every function can report ignored triggers. */
type Publishing = Pick<Invocation, "ledger" | "bus" | "now" | "requestId">;

/** Reports triggers that never start a build, each once, and removes them from the waiting ones. */
export async function publishNever(
  image: string,
  never: readonly Never[],
  invocation: Publishing,
): Promise<Advance["never"]> {
  const gone: { tokens: string[]; code: Never["code"]; reason: string }[] = [];
  for (const { code, reason, reasons } of never) {
    await publish(image, reasons, { decision: "never", code, reason }, invocation);
    const tokens = reasons.map(({ token }) => token);
    await removePending(invocation.ledger, image, tokens);
    gone.push({ tokens, code, reason });
  }
  return gone;
}

/** Reports what triggers wait for, each once, and again when the cause changes. */
export async function publishWait(
  image: string,
  waiting: readonly PendingReason[],
  { code, reason, until: end }: Wait,
  invocation: Publishing,
): Promise<void> {
  const fresh = waiting.filter(({ held }) => held?.code !== code);
  const why = { code, reason, ...(end && { until: end.toISOString() }) };
  await publish(image, fresh, { decision: "waits", ...why }, invocation);
  const at = invocation.now.toISOString();
  for (const { token } of fresh) await recordHeld(invocation.ledger, image, token, { ...why, at });
}

type Why = Pick<SuppressedReason, "decision" | "code" | "reason" | "until">;

async function publish(image: string, reasons: readonly Reason[], why: Why, invocation: Publishing): Promise<void> {
  const { ledger, bus, now, requestId } = invocation;
  const ours: Reason[] = [];
  for (const { token, trigger } of reasons) {
    const ignored = { token, trigger, ...why, at: now.toISOString() };
    if (await recordSuppressed(ledger, image, ignored, requestId)) ours.push({ token, trigger });
  }
  if (ours.length === 0) return;
  const triggers = mergeTriggers(ours.map(({ trigger }) => trigger));
  await putEvent(bus, triggerSuppressed, { image, triggers, ...why });
  for (const { token } of ours) await recordReported(ledger, image, token);
}
