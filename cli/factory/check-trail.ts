import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { type Finding, unlessRefused } from "./finding.ts";

const where = "cloudTrail";

/**
 * Checks that the config's trail exists, covers all regions, is logging, and includes KMS management events. Without it, changes
 * without events of their own are found only by the next full comparison.
 */
export async function checkTrail(
  { cloudTrail, buildRegion }: Pick<Factory, "cloudTrail" | "buildRegion">,
  client: CloudTrailClient,
): Promise<readonly Finding[]> {
  if (cloudTrail === "none") return [];
  const fix = 'set it up, or set cloudTrail: "none": everything is compared hourly then';
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  const wanted = trailList.filter(
    ({ IsOrganizationTrail = false }) => IsOrganizationTrail === (cloudTrail === "organization"),
  );
  if (wanted.length === 0) {
    const whose =
      cloudTrail === "organization" ? "the organization has no trail" : "this account has no trail of its own";
    return [{ where, what: `${whose} in ${buildRegion}`, fix }];
  }
  const looked = await Promise.all(wanted.map((trail) => checkOne(trail, client)));
  // One valid trail is enough.
  if (looked.some((findings) => findings.length === 0)) return [];
  return looked.flat();
}

async function checkOne(trail: Trail, client: CloudTrailClient): Promise<readonly Finding[]> {
  const { TrailARN: Name = "", IsMultiRegionTrail } = trail;
  if (!IsMultiRegionTrail) {
    return [
      {
        where,
        what: `${Name} logs a single region`,
        fix: `aws cloudtrail update-trail --name ${Name} --is-multi-region-trail`,
      },
    ];
  }
  const fix = "use credentials that may call cloudtrail:GetTrailStatus and cloudtrail:GetEventSelectors";
  return unlessRefused({ where, fix }, async () => {
    const { IsLogging } = await client.send(new GetTrailStatusCommand({ Name }));
    const selectors = await client.send(new GetEventSelectorsCommand({ TrailName: Name }));
    return [
      ...(IsLogging ? [] : [{ where, what: `${Name} is stopped`, fix: `aws cloudtrail start-logging --name ${Name}` }]),
      ...(logsKmsWrites(selectors)
        ? []
        : [
            {
              where,
              what: `${Name} does not log writes of management events, or excludes those of kms.amazonaws.com`,
              fix: "include them in the trail's event selectors (`aws cloudtrail put-event-selectors`)",
            },
          ]),
    ];
  });
}

/** CloudTrail user guide, "Logging management events"; a trail without selectors logs all management events. */
function logsKmsWrites({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse): boolean {
  if (AdvancedEventSelectors.length === 0) return EventSelectors.length === 0 || EventSelectors.some(logsWrites);
  return AdvancedEventSelectors.some(({ FieldSelectors = [] }) => {
    const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name);
    const isManagement = field("eventCategory")?.Equals?.includes("Management") ?? false;
    const writes = field("readOnly")?.Equals?.includes("true") !== true;
    const excludesKms = field("eventSource")?.NotEquals?.includes("kms.amazonaws.com") ?? false;
    return isManagement && writes && !excludesKms;
  });
}

const logsWrites = (selector: EventSelector): boolean =>
  selector.IncludeManagementEvents !== false &&
  selector.ReadWriteType !== "ReadOnly" &&
  !selector.ExcludeManagementEventSources?.includes("kms.amazonaws.com");
