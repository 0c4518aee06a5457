import { buildArn } from "../../../events/ids.ts";
import { type Check, fails, fine } from "./check.ts";

/** The scan of an image's newest build, if any. */
export interface ScanFacts {
  readonly image: string;
  readonly build: string | undefined;
  readonly status: string | undefined;
  readonly reason: string | undefined;
}

/** Only COMPLETED is evidence; ABANDONED means that the image ended before its scan. */
export function decideScan({ image, build, status = "none", reason }: ScanFacts): Check {
  const subject = { check: "scan", where: `images.${image}` };
  if (build === undefined) return fine(subject, "no build yet");
  const found = `${build}: scan ${status}${reason ? ` (${reason})` : ""}`;
  if (["COMPLETED", "PENDING", "SCANNING", "COLLECTING"].includes(status)) return fine(subject, found);
  return fails(
    subject,
    found,
    "the gate: without findings no build passes",
    "aws inspector2 batch-get-account-status; turn scanning on, then build again",
  );
}

/** Checks that Image Builder's ARNs for copies parse as build ARNs. */
export function decideCopyArns(copies: readonly string[]): Check {
  const subject = { check: "copy-arn", where: "ledger" };
  const unread = copies.filter((arn) => !buildArn.safeParse(arn).success);
  if (copies.length === 0) return fine(subject, "no copy yet");
  if (unread.length === 0) return fine(subject, `${copies.length} copies, such as ${copies[0]}`);
  return fails(
    subject,
    `${unread.length} of ${copies.length} copies have ARNs of an unknown form, such as ${unread[0]}`,
    "nothing by itself: they are stored as they came; builds with such ARNs would not be recorded",
    "report the ARN's form",
  );
}

/** A finding's packages, with the version that fixes it. */
export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  readonly fixedIn: string;
}

const KERNEL = /^(kernel|kernel6\.\d+|linux-image-.*|linux-aws)$/;

/** Findings that a rebuild does not remove: old kernels that stay installed, and fixes only in Ubuntu Pro. */
export function decideFindings(image: string, packages: readonly FoundPackage[]): Check[] {
  const where = `images.${image}`;
  const kernels = new Set(
    packages.filter(({ name }) => KERNEL.test(name)).map(({ name, version }) => `${name} ${version}`),
  );
  const names = [...kernels].map((one) => one.split(" ")[0]);
  const twice = [...kernels].filter((_, n) => names.filter((name) => name === names[n]).length > 1);
  const esm = packages.filter(({ fixedIn }) => /\besm\b|[+~]esm\d/.test(fixedIn));
  return [
    twice.length === 0
      ? fine({ check: "old-kernels", where }, "no package of the kernel is found in two versions")
      : fails(
          { check: "old-kernels", where },
          twice.join(", "),
          "the gate: findings of a kernel that no longer boots",
          "remove old kernels after the reboot: dnf remove --oldinstallonly",
        ),
    esm.length === 0
      ? fine({ check: "esm", where }, "no finding is fixed by Ubuntu Pro alone")
      : fails(
          { check: "esm", where },
          esm.map(({ name, fixedIn }) => `${name} (fixed in ${fixedIn})`).join(", "),
          "the gate, where it counts them as fixable: only Ubuntu Pro has these versions",
          "attach Ubuntu Pro, waive them, or let the gate count fixable findings without esm",
        ),
  ];
}

/** An action of an alarm that CloudWatch could not carry out. */
export interface FailedAction {
  readonly alarm: string;
  readonly at: string;
  readonly said: string;
}

export function decideAlarms(failed: readonly FailedAction[], alarms: number): Check {
  const subject = { check: "alarm-actions", where: "CloudWatch" };
  const [last] = failed;
  if (!last) return fine(subject, `no failed action in the history of ${alarms} alarms`);
  return fails(
    subject,
    `${failed.length} failed, last ${last.alarm} at ${last.at}: ${last.said}`,
    "notices of alarms: CloudWatch does not try again",
    "let cloudwatch.amazonaws.com publish to the topic and use its key (kms:GenerateDataKey*, kms:Decrypt)",
  );
}

export function decideSubscriptions(
  subscriptions: readonly { readonly endpoint: string; readonly confirmed: boolean }[],
): Check {
  const subject = { check: "subscriptions", where: "notify.email" };
  const waiting = subscriptions.filter(({ confirmed }) => !confirmed).map(({ endpoint }) => endpoint);
  if (waiting.length === 0) return fine(subject, `${subscriptions.length} confirmed`);
  return fails(
    subject,
    `not confirmed: ${waiting.join(", ")}`,
    "notices to them",
    "open the link in SNS's message, or remove the address",
  );
}

export function decideDeadLetters(queues: readonly { readonly name: string; readonly messages: number }[]): Check {
  const subject = { check: "dead-letters", where: "SQS" };
  const full = queues.filter(({ messages }) => messages > 0);
  if (full.length === 0) return fine(subject, `${queues.length} queues are empty`);
  return fails(
    subject,
    full.map(({ name, messages }) => `${name}: ${messages}`).join(", "),
    "what these events should have done",
    'read the reasons and send them again: docs/operations.md, "Dead letters"',
  );
}
