import type { Factory } from "./factory-schema.ts";

const DAY = 86_400;

/** Retentions that would take away what a channel needs, or whose stages come in another order than they can. */
export const checkRetention = ({ images }: Factory): string[] =>
  Object.entries(images).flatMap(([name, image]) => checkOne(`images.${name}.retention`, image));

function checkOne(at: string, { retention, channels }: Factory["images"][string]): string[] {
  if (!retention) return [];
  const { keep, deprecateAfter, disableAfter, retireAfter } = retention;
  const faults: string[] = [];
  // Each channel may point at a build of its own, and the oldest of these needs one before it.
  const needed = channels.length + 1;
  if (keep < needed) {
    const names = channels.map((channel) => `"${channel.name}"`).join(", ");
    faults.push(
      `${at}.keep: expected at least ${needed}, a build for each channel (${names}) and one to go back to, found ${keep}`,
    );
  }
  const waits = channels.reduce((sum, { soak, approval }) => sum + soak + (approval?.timeout ?? 0), 0);
  if (deprecateAfter <= waits) {
    faults.push(
      `${at}.deprecateAfter: expected more than ${inDays(waits)}, which soaks and approvals of the channels may take together, found ${inDays(deprecateAfter)}`,
    );
  }
  if (disableAfter <= deprecateAfter) {
    faults.push(
      `${at}.disableAfter: expected more than deprecateAfter of ${inDays(deprecateAfter)}, found ${inDays(disableAfter)}`,
    );
  }
  if (retireAfter <= disableAfter) {
    faults.push(
      `${at}.retireAfter: expected more than disableAfter of ${inDays(disableAfter)}, found ${inDays(retireAfter)}`,
    );
  }
  return faults;
}

const inDays = (seconds: number): string => `${Number((seconds / DAY).toFixed(2))}d`;
