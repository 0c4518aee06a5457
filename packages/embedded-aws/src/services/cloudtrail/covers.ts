import type { AdvancedEventSelector, AdvancedFieldSelector, EventSelector } from "@aws-sdk/client-cloudtrail";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { organizationWith } from "../organizations/state.ts";
import { type Trail, trailsOf } from "./state.ts";

/** A management write event, as selectors see it. */
interface WriteEvent {
  /** The account that gets the event. */
  readonly account: string;
  readonly region: string;
  /** `kms.amazonaws.com` */
  readonly eventSource: string;
  readonly eventName: string;
}

/** Whether a logging trail records an event: the account's own, or its organization's. */
export function isRecorded(aws: EmbeddedAws, event: WriteEvent): boolean {
  for (const trail of trailsOf(aws).values()) {
    if (trail.logging && reaches(aws, trail, event) && selects(trail, event)) return true;
  }
  return false;
}

const reaches = (aws: EmbeddedAws, trail: Trail, { account, region }: WriteEvent): boolean =>
  (trail.multiRegion || trail.homeRegion === region) && seesAccount(aws, trail, account);

/** An organization trail covers the organization's current members. */
export const seesAccount = (aws: EmbeddedAws, trail: Trail, account: string): boolean =>
  trail.account === account ||
  (trail.organization && organizationWith(aws, account)?.managementAccount === trail.account);

function selects({ selectors }: Trail, event: WriteEvent): boolean {
  if ("basic" in selectors) return selectors.basic.some((one) => selectsBasic(one, event));
  return selectors.advanced.some((one) => selectsAdvanced(one, event));
}

const selectsBasic = (selector: EventSelector, { eventSource }: WriteEvent): boolean =>
  selector.IncludeManagementEvents !== false &&
  selector.ReadWriteType !== "ReadOnly" &&
  !selector.ExcludeManagementEventSources?.includes(eventSource);

function selectsAdvanced({ FieldSelectors = [] }: AdvancedEventSelector, event: WriteEvent): boolean {
  const fields: Readonly<Record<string, string>> = {
    eventCategory: "Management",
    readOnly: "false",
    eventSource: event.eventSource,
    eventName: event.eventName,
  };
  return FieldSelectors.every((one) => holds(one, fields[one.Field ?? ""]));
}

/**
 * API reference, AdvancedFieldSelector: a value matches any of the positive operators' values and none of the others'.
 */
function holds(selector: AdvancedFieldSelector, value: string | undefined): boolean {
  if (value === undefined) return false;
  const { Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith } = selector;
  const wanted = [
    ...(Equals ?? []).map((one) => value === one),
    ...(StartsWith ?? []).map((one) => value.startsWith(one)),
    ...(EndsWith ?? []).map((one) => value.endsWith(one)),
  ];
  const refused =
    (NotEquals ?? []).includes(value) ||
    (NotStartsWith ?? []).some((one) => value.startsWith(one)) ||
    (NotEndsWith ?? []).some((one) => value.endsWith(one));
  return !refused && (wanted.length === 0 || wanted.includes(true));
}
