import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { removeImage } from "../images.ts";
import { wildcard } from "../repository-settings.ts";
import { type Repository, type StoredImage, tagsOf } from "../state.ts";
import type { LifecyclePolicy, LifecycleRule } from "./parse-lifecycle-policy.ts";

/** Images expire within 24 hours of meeting the criteria ("Lifecycle policies", Amazon ECR user guide). */
const DAY = 86_400_000;

/** Evaluates a policy once a day from now on, until it is stopped. */
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

export interface Expired {
  readonly image: StoredImage;
  readonly tags: readonly string[];
  readonly priority: number;
}

/**
 * The images that a policy's rules expire now, by "How lifecycle policies work" of the Amazon ECR user guide: each rule
 * sees all images; an image that matches a rule's tags is excluded from rules with lower priority; images in a manifest
 * list stay as long as the list.
 */
export function selectExpired(repository: Repository, rules: readonly LifecycleRule[], now: number): Expired[] {
  const claimed = new Set<string>();
  const expired: Expired[] = [];
  const newestFirst = [...repository.images.values()].reverse().sort((a, b) => b.pushedAt - a.pushedAt);
  for (const rule of rules) {
    const fitting = newestFirst.filter(({ digest }) => fits(rule, tagsOf(repository, digest)));
    for (const [index, image] of fitting.entries()) {
      if (!claimed.has(image.digest) && isOver(rule, image, index, now)) {
        expired.push({ image, tags: tagsOf(repository, image.digest), priority: rule.priority });
      }
    }
    for (const { digest } of fitting) claimed.add(digest);
  }
  const going = new Set(expired.map(({ image }) => image.digest));
  const held = new Set(newestFirst.filter(({ digest }) => !going.has(digest)).flatMap(({ listed }) => listed));
  return expired.filter(({ image }) => !held.has(image.digest));
}

const isOver = ({ count }: LifecycleRule, { pushedAt }: StoredImage, index: number, now: number): boolean =>
  count.kind === "images" ? index >= count.number : now - pushedAt > count.number * DAY;

function fits({ tagStatus, patterns }: LifecycleRule, tags: readonly string[]): boolean {
  if (tagStatus === "any") return true;
  if (tagStatus === "untagged") return tags.length === 0;
  return patterns.every((pattern) => tags.some((tag) => wildcard(pattern).test(tag)));
}
