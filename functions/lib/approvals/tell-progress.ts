import { putEvent } from "../../../adapters/bus.ts";
import { approvalGiven } from "../../../events/approval.ts";
import type { Step } from "../step.ts";
import type { ReadApproval } from "./read-approval.ts";

/** Says who has agreed, where more must; what is decided says so itself. */
export async function tellProgress(
  { record, situation, over }: ReadApproval,
  { bus }: Pick<Step, "bus">,
): Promise<void> {
  if (record.decided || over) return;
  const { image, build, channel } = record;
  await putEvent(bus, approvalGiven, { image, build, channel, answers: [...situation.counted] });
}
