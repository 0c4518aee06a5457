import { createHash } from "node:crypto";
import { explainRefusal, type Missing, type Trial } from "./explain-refusal.ts";

/** How a canary's launches look now. */
export interface Sighting {
  /** The instance that the role launched itself; undefined while EC2 does not show it. */
  readonly instance: { readonly state: string; readonly ended: Ended } | undefined;
  /** Auto Scaling's launch; left out where it launches nothing. `failed` says why one of its launches did. */
  readonly group?: { readonly running: boolean; readonly failed: string | undefined };
}

type CanaryVerdict =
  | { readonly kind: "pending" }
  | { readonly kind: "launched" }
  | { readonly kind: "refused"; readonly missing: Missing };

const ENDED = ["shutting-down", "terminated", "stopping", "stopped"];

interface Patience {
  /** Whether nobody looks again. */
  readonly last: boolean;
  /** How long it has been looked at. */
  readonly minutes: number;
}

/**
 * So long a grant that was made a moment ago may not work everywhere (KMS developer guide, "Eventual consistency");
 * Auto Scaling tries again by itself.
 */
const GRANT_MINUTES = 5;

/** Launched is what ran, by every way that was asked for. One way that fails is enough to refuse. */
export function judgeCanary({ instance, group }: Sighting, trial: Trial, { last, minutes }: Patience): CanaryVerdict {
  if (instance && ENDED.includes(instance.state)) return refused(explainEnd(instance.ended, trial));
  const given = last || minutes >= GRANT_MINUTES;
  if (group?.failed !== undefined && !group.running && given) return refused(explainActivity(group.failed, trial));
  const ran = instance?.state === "running";
  if (ran && (!group || group.running)) return { kind: "launched" };
  return last ? refused(explainSilence(ran ? "auto-scaling" : "role", minutes)) : { kind: "pending" };
}

const refused = (missing: Missing): CanaryVerdict => ({ kind: "refused", missing });

/** Why an instance ended, as EC2 says it: `{ Code: "Client.InternalError", Message: "Client.InternalError: ..." }`. */
interface Ended {
  readonly code: string;
  readonly message: string;
}

/** Who launches a canary: the consumer's role itself, or Auto Scaling for it. */
type Launcher = "role" | "auto-scaling";

/** EC2 says no more than this where a launch may not use a key (EC2 user guide, "Instance terminates immediately"). */
const KEY_CODES = /\bClient\.(InternalError|InvalidKMSKey)/;

/**
 * Why an instance that EC2 began to launch never ran. Before, everything was tried that can be tried of a key: what is
 * left is what cannot.
 */
export function explainEnd({ code, message }: Ended, trial: Trial): Missing {
  if (KEY_CODES.test(`${code} ${message}`)) return grantForEc2(trial);
  if (/Initiated/.test(code)) {
    return {
      piece: `somebody ended the canary's instance before it was seen to run (${message})`,
      fix: "promote the build again; nothing says that the share is at fault",
    };
  }
  const [, error] = /^(?:Client|Server)\.([\w.]+)$/.exec(code) ?? [];
  if (error) return explainRefusal({ code: error, message }, trial);
  return {
    piece: `the instance ended before it ran: ${code} (${message})`,
    fix: "see what AWS says of this reason; the AMI itself may not start on this instance type",
  };
}

const grantForEc2 = ({ on }: Trial): Missing => ({
  piece: `kms:CreateGrant for EC2 (kms:GrantIsForAWSResource) denied on the key of ${on}, by the key policy or by the role's`,
  fix: "deploy the factory, or put back OrganizationGrantsToServices in the key policy and GrantKeysToServices in the role; all that KMS lets one try of the key itself was permitted",
});

const grantForAutoScaling = ({ on, account, region }: Trial): Missing => ({
  piece: `the grant by which Auto Scaling uses the key of ${on}`,
  fix: `AWSServiceRoleForAutoScaling of account ${account} needs it in ${region}: amint makes it with every promotion, and whenever it reads the organization (OrganizationGrantsToAutoScaling in the key policy lets it)`,
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
  return { piece: `Auto Scaling could not launch ${trial.on} (${said})`, fix: "see what AWS says of this reason" };
}

/** Nothing happened at all. */
const explainSilence = (launcher: Launcher, minutes: number): Missing => ({
  piece: `the instance ${launcher === "role" ? "that the role launched" : "of Auto Scaling"} did not run within ${minutes} minutes`,
  fix: "look at it in the account: EC2 and Auto Scaling give no reason",
});

/**
 * What all of a canary is called, and its tag says: its launch template, its Auto Scaling group.
 * @param trial what sets it apart from every other: where, what and when
 */
export const canaryName = (factory: string, trial: readonly string[]): string =>
  `${canaryPrefix(factory)}${createHash("sha256").update(trial.join(" ")).digest("hex").slice(0, 16)}`;

/** What the names of all of a factory's canaries begin with; the consumer's role knows it. */
const canaryPrefix = (factory: string): string => `amint-${factory}-canary-`;
