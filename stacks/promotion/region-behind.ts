import type { State } from "./lambda-task.ts";

/** A function's failure comes as JSON with its message inside; anything else is text already. */
const WHY = `(
  $said := $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '';
  $message := $substring($said, 0, 1) = '{' and $contains($said, '"errorMessage"') ? $parse($said).errorMessage : $said;
  $substring($states.errorOutput.Error & ': ' & $message, 0, 1000)
)`.replaceAll(/\s+/g, " ");

/** Where a region's states end that stay behind, in a Map over regions. */
export const REGION_BEHIND = "RegionBehind";

/**
 * One region's failure does not keep the others: its item of the Map ends with `{ "behind": { region, why } }`.
 * @param region the region's name, in JSONata
 */
export const leaveRegionBehind = (region: string) => ({
  Catch: [
    {
      ErrorEquals: ["States.ALL"],
      Output: `{% { 'behind': { 'region': ${region}, 'why': ${WHY} } } %}`,
      Next: REGION_BEHIND,
    },
  ],
});

export const regionBehind: Readonly<Record<string, State>> = { [REGION_BEHIND]: { Type: "Pass", End: true } };

/** The regions of a Map's result that stay behind, each with the reason; in JSONata. */
export const LEFT_BEHIND = "$states.result.behind";
