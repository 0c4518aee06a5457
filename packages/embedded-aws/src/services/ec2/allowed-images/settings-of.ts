import type { ImageCriterion } from "@aws-sdk/client-ec2";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { effectivePolicy } from "../../organizations/effective-policy.ts";

export type AllowedImagesMode = "disabled" | "audit-mode" | "enabled";

interface AllowedImagesSettings {
  readonly mode: AllowedImagesMode;
  readonly criteria: readonly ImageCriterion[];
}

/** An account's settings from a declarative policy of its organization, for all regions. */
interface DeclaredSettings {
  readonly settings: AllowedImagesSettings;
  /** The policy's message for callers that try to change the settings (`exception_message`). */
  readonly message: string | undefined;
}

const MODES: Readonly<Record<string, AllowedImagesMode>> = {
  disabled: "disabled",
  enabled: "enabled",
  audit_mode: "audit-mode",
};

/**
 * Undefined if no policy controls Allowed AMIs (Organizations user guide, "Declarative policy syntax and examples").
 */
export function declaredSettings(aws: EmbeddedAws, account: string): DeclaredSettings | undefined {
  const { ec2_attributes: ec2 } = effectivePolicy(aws, account, "DECLARATIVE_POLICY_EC2") ?? {};
  const declared = at(ec2, "allowed_images_settings");
  if (declared === undefined) return undefined;
  const criteria = Object.values((at(declared, "image_criteria") ?? {}) as Record<string, unknown>);
  const mode = MODES[textAt(declared, "state") ?? "disabled"] ?? "disabled";
  return { settings: { mode, criteria: criteria.map(toCriterion) }, message: textAt(ec2, "exception_message") };
}

function toCriterion(declared: unknown): ImageCriterion {
  const deprecated = textAt(at(declared, "deprecation_time_condition"), "maximum_days_since_deprecated");
  const created = textAt(at(declared, "creation_date_condition"), "maximum_days_since_created");
  const providers = textsAt(declared, "allowed_image_providers");
  const names = textsAt(declared, "image_names");
  const codes = textsAt(declared, "marketplace_product_codes");
  return {
    // The policy writes `aws_marketplace` where the API writes `aws-marketplace`.
    ...(providers && { ImageProviders: providers.map((provider) => provider.replaceAll("_", "-")) }),
    ...(names && { ImageNames: names }),
    ...(codes && { MarketplaceProductCodes: codes }),
    ...(deprecated !== undefined && {
      DeprecationTimeCondition: { MaximumDaysSinceDeprecated: Number(deprecated) },
    }),
    ...(created !== undefined && { CreationDateCondition: { MaximumDaysSinceCreated: Number(created) } }),
  };
}

const at = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;

const textAt = (value: unknown, key: string): string | undefined => {
  const found = at(value, key);
  return found === undefined ? undefined : String(found);
};

const textsAt = (value: unknown, key: string): string[] | undefined => {
  const found = at(value, key);
  return found === undefined ? undefined : [found].flat().map(String);
};

const definition = defineState<{ settings: AllowedImagesSettings }>("ec2.allowed-images", () => ({
  settings: { mode: "disabled", criteria: [] },
}));

/** The account's own settings. */
const ownSettings = (aws: EmbeddedAws, account: string, region: string): AllowedImagesSettings =>
  aws.state(definition, account, region).settings;

export const setOwnSettings = (
  aws: EmbeddedAws,
  account: string,
  region: string,
  settings: Partial<AllowedImagesSettings>,
): void => {
  const own = aws.state(definition, account, region);
  own.settings = { ...own.settings, ...settings };
};

/** The effective settings: a declarative policy's in every region, otherwise the account's own. */
export const settingsOf = (aws: EmbeddedAws, account: string, region: string): AllowedImagesSettings =>
  declaredSettings(aws, account)?.settings ?? ownSettings(aws, account, region);
