import type * as Sdk from "@aws-sdk/client-cloudtrail";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { requireChangeable, requireTrail, trailResource } from "./find-trail.ts";
import type { Trail } from "./state.ts";

export const operations = {
  GetEventSelectors: {
    authorize: ({ TrailName }, call) => [{ resources: [trailResource(call, TrailName)] }],
    run: ({ TrailName }, call) => toSelectors(requireTrail(call, TrailName)),
  },
  /** Replaces all previous selectors, also basic by advanced ones and vice versa. */
  PutEventSelectors: {
    authorize: ({ TrailName }, call) => [{ resources: [trailResource(call, TrailName)] }],
    run({ TrailName, EventSelectors, AdvancedEventSelectors }, call) {
      const trail = requireChangeable(call, TrailName);
      if ((EventSelectors === undefined) === (AdvancedEventSelectors === undefined)) {
        throw invalid("Specify either event selectors or advanced event selectors, but not both.");
      }
      if (AdvancedEventSelectors) trail.selectors = { advanced: AdvancedEventSelectors.map(requireAdvanced) };
      else trail.selectors = { basic: requireFew(EventSelectors ?? []).map(requireBasic), custom: true };
      return toSelectors(trail);
    },
  },
} satisfies Operations<typeof Sdk>;

const toSelectors = ({ arn, selectors }: Trail) =>
  "basic" in selectors
    ? { TrailARN: arn, EventSelectors: [...selectors.basic] }
    : { TrailARN: arn, AdvancedEventSelectors: [...selectors.advanced] };

const invalid = (message: string): AwsError => new AwsError("InvalidEventSelectorsException", message);

/** API reference, PutEventSelectors: "You can configure up to five event selectors for a trail." */
function requireFew(selectors: readonly Sdk.EventSelector[]): readonly Sdk.EventSelector[] {
  if (selectors.length >= 1 && selectors.length <= 5) return selectors;
  throw invalid(`A trail has between 1 and 5 event selectors, not ${selectors.length}.`);
}

/** Sources whose management events a trail can exclude (API reference, EventSelector). */
const EXCLUDABLE: ReadonlySet<string> = new Set(["kms.amazonaws.com", "rdsdata.amazonaws.com"]);

function requireBasic(selector: Sdk.EventSelector): Sdk.EventSelector {
  const { IncludeManagementEvents = true, ExcludeManagementEventSources = [], DataResources = [] } = selector;
  const unknown = ExcludeManagementEventSources.filter((source) => !EXCLUDABLE.has(source));
  if (unknown.length > 0) {
    throw invalid(
      `Value ${unknown} for ExcludeManagementEventSources is invalid. Valid values are: ${[...EXCLUDABLE]}`,
    );
  }
  if (!IncludeManagementEvents && ExcludeManagementEventSources.length > 0) {
    throw invalid("ExcludeManagementEventSources needs IncludeManagementEvents.");
  }
  if (!IncludeManagementEvents && DataResources.length === 0) {
    throw invalid("An event selector includes management events, data resources, or both.");
  }
  return {
    ReadWriteType: selector.ReadWriteType ?? "All",
    IncludeManagementEvents,
    DataResources,
    ExcludeManagementEventSources,
  };
}

/** API reference, AdvancedEventSelector: `eventCategory` is required, and allows only `Equals`. */
function requireAdvanced(selector: Sdk.AdvancedEventSelector): Sdk.AdvancedEventSelector {
  const category = selector.FieldSelectors?.find(({ Field }) => Field === "eventCategory");
  if (category?.Equals?.length === 1) return selector;
  throw invalid("An advanced event selector has one field selector eventCategory with one value of Equals.");
}
