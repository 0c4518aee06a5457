import type { Estimate } from "./estimate.ts";

/** The part of an estimate that is one image's: what the whole factory shares is not in it. */
export function ofImage(estimate: Estimate, image: string): Estimate {
  const part = (lines: Estimate["lines"]) => {
    const its = lines.filter((line) => line.image === image);
    return { lines: its, total: its.reduce((sum, { amount }) => sum + amount, 0) };
  };
  const { saves, notCounted } = estimate;
  return {
    ...estimate,
    ...part(estimate.lines),
    ...(saves && { saves: part(saves.lines) }),
    notCounted: ["What all images share, Lambda and DynamoDB, is no image's part", ...notCounted],
  };
}
