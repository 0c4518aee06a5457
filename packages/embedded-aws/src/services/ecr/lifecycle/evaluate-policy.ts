import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { removeImage } from "../remove-image.ts";
import type { Repository } from "../state.ts";
import type { LifecyclePolicy } from "./lifecycle-policy.ts";
import type { LifecycleRule } from "./parse-lifecycle-policy.ts";
import { selectExpired } from "./select-expired.ts";

/** Images go within 24 hours of meeting the criteria ("Lifecycle policies", Amazon ECR user guide). */
const DAY = 86_400_000;

/** Makes a policy that is evaluated once a day from now on, until it is stopped. */
export function startEvaluations(
  aws: EmbeddedAws,
  repository: Repository,
  text: string,
  rules: readonly LifecycleRule[],
): LifecyclePolicy {
  let cancel: () => void;
  const policy: LifecyclePolicy = { text, rules, evaluatedAt: undefined, stop: () => cancel() };
  const evaluate = (): void => {
    const now = aws.clock.now();
    for (const { image } of selectExpired(repository, rules, now)) removeImage(aws, repository, image.digest);
    policy.evaluatedAt = now;
    cancel = aws.clock.after(DAY, evaluate, { recurring: true });
  };
  cancel = aws.clock.after(DAY, evaluate, { recurring: true });
  return policy;
}
