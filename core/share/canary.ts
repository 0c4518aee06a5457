import { createHash } from "node:crypto";
import { explainRefusal, type Missing, type Trial } from "./explain-refusal.ts";

/** The current state of a canary's launches. */
export interface Sighting {
  /** The instance that the role launched; undefined while EC2 does not return it. */
  readonly instance: { readonly state: string; readonly ended: Ended } | undefined;
  /** Auto Scaling's launch; absent if it launches nothing. `failed`: why a launch failed. */
  readonly group?: { readonly running: boolean; readonly failed: string | undefined };
}

type CanaryVerdict =
  | { readonly kind: "pending" }
  | { readonly kind: "launched" }
  | { readonly kind: "refused"; readonly missing: Missing };

const ENDED = ["shutting-down", "terminated", "stopping", "stopped"];

interface Patience {
  /** Whether this is the last check. */
  readonly last: boolean;
  /** Minutes since the first check. */
  readonly minutes: number;
}

/**
 * How long a new grant may not work everywhere (KMS developer guide, "Eventual consistency"). Auto Scaling retries by itself.
 */
const GRANT_MINUTES = 5;

/** A canary succeeds if every requested launch ran. One failed launch refuses it. */
export function judgeCanary({ instance, group }: Sighting, trial: Trial, { last, minutes }: Patience): CanaryVerdict {
  if (instance && ENDED.includes(instance.state)) return refused(explainEnd(instance.ended, trial));
  const given = last || minutes >= GRANT_MINUTES;
  if (group?.failed !== undefined && !group.running && given) return refused(explainActivity(group.failed, trial));
  const ran = instance?.state === "running";
  if (ran && (!group || group.running)) return { kind: "launched" };
  return last ? refused(explainSilence(ran ? "auto-scaling" : "role", minutes)) : { kind: "pending" };
}

const refused = (missing: Missing): CanaryVerdict => ({ kind: "refused", missing });

/** EC2's reason why an instance ended: `{ Code: "Client.InternalError", Message: "Client.InternalError: ..." }`. */
interface Ended {
  readonly code: string;
  readonly message: string;
}

/** What launches a canary: the consumer's role, or Auto Scaling. */
type Launcher = "role" | "auto-scaling";

/** EC2's codes if a launch cannot use a key; it gives no details (EC2 user guide, "Instance terminates immediately"). */
const KEY_CODES = /\bClient\.(InternalError|InvalidKMSKey)/;

/**
 * Why an instance that EC2 started to launch never ran. The key's dry runs passed before, so the reason is one that they
 * cannot detect.
 */
export function explainEnd({ code, message }: Ended, trial: Trial): Missing {
  if (KEY_CODES.test(`${code} ${message}`)) return grantForEc2(trial);
  if (/Initiated/.test(code)) {
    return {
      piece: `the canary's instance was stopped or terminated by a user before it ran (${message})`,
      fix: "promote the build again; the share is probably not the cause",
    };
  }
  const [, error] = /^(?:Client|Server)\.([\w.]+)$/.exec(code) ?? [];
  if (error) return explainRefusal({ code: error, message }, trial);
  return {
    piece: `the instance ended before it ran: ${code} (${message})`,
    fix: "look up the reason in AWS's documentation; the AMI may not boot on this instance type",
  };
}

const grantForEc2 = ({ on }: Trial): Missing => ({
  piece: `kms:CreateGrant for EC2 (kms:GrantIsForAWSResource) denied on the key of ${on}, by the key policy or by the role's`,
  fix: "deploy the factory, or restore OrganizationGrantsToServices in the key policy and GrantKeysToServices in the role; all KMS dry runs with the key passed",
});

const grantForAutoScaling = ({ on, account, region }: Trial): Missing => ({
  piece: `the grant with which Auto Scaling uses the key of ${on}`,
  fix: `AWSServiceRoleForAutoScaling of account ${account} needs it in ${region}: amint creates it in every promotion, and whenever it reads the organization (OrganizationGrantsToAutoScaling in the key policy must allow it)`,
});

/**
 * Why Auto Scaling's launch failed. Its activities quote EC2: `... Termination Reason: Client.InternalError: Client error
 * on launch`, or the refusal of RunInstances as text (Auto Scaling user guide, "Troubleshoot").
 */
export function explainActivity(said: string, trial: Trial): Missing {
  if (KEY_CODES.test(said)) return grantForAutoScaling(trial);
  const [, error = ""] = /\b(?:Client|Server)\.([\w.]+?)(?=[:\s]|$)/.exec(said) ?? [];
  if (error) return explainRefusal({ code: error, message: said }, trial);
  if (/not authorized to perform/.test(said))
    return explainRefusal({ code: "UnauthorizedOperation", message: said }, trial);
  if (/image id .* does not exist/i.test(said))
    return explainRefusal({ code: "InvalidAMIID.NotFound", message: said }, trial);
  return {
    piece: `Auto Scaling could not launch ${trial.on} (${said})`,
    fix: "look up the reason in AWS's documentation",
  };
}

/** Neither success nor failure within the time. */
const explainSilence = (launcher: Launcher, minutes: number): Missing => ({
  piece: `the instance ${launcher === "role" ? "that the role launched" : "that Auto Scaling launched"} did not run within ${minutes} minutes`,
  fix: "check it in the account: EC2 and Auto Scaling give no reason",
});

/**
 * The name and tag of a canary's resources: its launch template, its Auto Scaling group.
 * @param trial what identifies the canary: where, what and when
 */
export const canaryName = (factory: string, trial: readonly string[]): string =>
  `${canaryPrefix(factory)}${createHash("sha256").update(trial.join(" ")).digest("hex").slice(0, 16)}`;

/** The prefix of the names of a factory's canaries, which the consumer's role also uses. */
const canaryPrefix = (factory: string): string => `amint-${factory}-canary-`;
