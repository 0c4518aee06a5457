import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { invalidParameter } from "../refusals.ts";
import { declaredSettings, setOwnSettings, settingsOf } from "./settings-of.ts";

/** EC2 API reference, ImageCriterionRequest. */
const MOST = { ImageProviders: 200, ImageNames: 50, MarketplaceProductCodes: 50, ImageWatermarks: 50 } as const;
const MOST_CRITERIA = 10;
const PROVIDER = /^(amazon|aws-marketplace|aws-backup-vault|none|\d{12})$/;
const NAME = /^[A-Za-z0-9()[\] ./\-'@_*?]{1,128}$/;
const PRODUCT_CODE = /^[A-Za-z0-9]{1,25}$/;

/** @throws InvalidParameterValue naming the criterion; NotImplemented for scan results */
function requireValidCriteria(criteria: readonly Sdk.ImageCriterionRequest[]): Sdk.ImageCriterion[] {
  if (criteria.length > MOST_CRITERIA) {
    throw invalidParameter(`At most ${MOST_CRITERIA} image criteria can be specified; there are ${criteria.length}.`);
  }
  return criteria.map((criterion, index) => {
    requireValid(criterion, `imageCriterion.${index + 1}`);
    return criterion as Sdk.ImageCriterion;
  });
}

function requireValid(criterion: Sdk.ImageCriterionRequest, where: string): void {
  if (criterion.ScanResultCondition) {
    throw new AwsError("NotImplemented", "ec2: Allowed AMIs are not built for ScanResultCondition", { status: 400 });
  }
  for (const [member, most] of Object.entries(MOST)) {
    const count = criterion[member as keyof typeof MOST]?.length ?? 0;
    if (count > most) throw invalidParameter(`${where}: at most ${most} values for ${member}; there are ${count}.`);
  }
  const providers = criterion.ImageProviders ?? [];
  requireAll(
    providers,
    PROVIDER,
    `${where}.imageProvider`,
    "an account id, amazon, aws-marketplace, aws-backup-vault, none",
  );
  if (providers.includes("none") && providers.length > 1) {
    throw invalidParameter(`${where}.imageProvider: none cannot be specified together with other values.`);
  }
  requireAll(criterion.ImageNames ?? [], NAME, `${where}.imageName`, "1 to 128 characters of AMI names, * and ?");
  const short = criterion.ImageNames?.find((name) => name.includes("?") && name.length < 3);
  if (short !== undefined)
    throw invalidParameter(`Invalid value '${short}' for ${where}.imageName: 3 characters or more`);
  requireAll(
    criterion.MarketplaceProductCodes ?? [],
    PRODUCT_CODE,
    `${where}.marketplaceProductCode`,
    "1 to 25 letters and digits",
  );
  requireDays(criterion.DeprecationTimeCondition?.MaximumDaysSinceDeprecated, `${where}.deprecationTimeCondition`);
  requireDays(criterion.CreationDateCondition?.MaximumDaysSinceCreated, `${where}.creationDateCondition`);
  for (const filter of criterion.ImageWatermarks ?? []) {
    requireDays(filter.MaximumDaysSinceSourceImageCreated, `${where}.imageWatermark`);
    requireDays(filter.MaximumDaysSinceWatermarkCreated, `${where}.imageWatermark`);
  }
}

function requireAll(values: readonly string[], valid: RegExp, where: string, expected: string): void {
  const wrong = values.find((value) => !valid.test(value));
  if (wrong !== undefined) throw invalidParameter(`Invalid value '${wrong}' for ${where}. Valid values: ${expected}`);
}

function requireDays(days: number | undefined, where: string): void {
  if (days === undefined || (Number.isInteger(days) && days >= 0 && days < 2 ** 31)) return;
  throw invalidParameter(`Invalid value '${days}' for ${where}. Expecting days, from 0 to 2147483647`);
}

export const operations = {
  GetAllowedImagesSettings: {
    run(_input, { aws, account, region }) {
      const { mode, criteria } = settingsOf(aws, account, region);
      return {
        State: mode,
        ImageCriteria: [...criteria],
        ManagedBy: declaredSettings(aws, account) ? "declarative-policy" : "account",
      };
    },
  },
  EnableAllowedImagesSettings: {
    run({ AllowedImagesSettingsState: mode = "enabled" }, call) {
      requireOwnControl(call);
      setOwnSettings(call.aws, call.account, call.region, { mode });
      return { AllowedImagesSettingsState: mode };
    },
  },
  /** The criteria are kept, and apply again once it is enabled. */
  DisableAllowedImagesSettings: {
    run(_input, call) {
      requireOwnControl(call);
      setOwnSettings(call.aws, call.account, call.region, { mode: "disabled" });
      return { AllowedImagesSettingsState: "disabled" };
    },
  },
  ReplaceImageCriteriaInAllowedImagesSettings: {
    run(input, call) {
      const criteria = requireValidCriteria(input.ImageCriteria ?? []);
      requireOwnControl(call);
      setOwnSettings(call.aws, call.account, call.region, { criteria });
      return { ReturnValue: true };
    },
  },
} satisfies Operations<typeof Sdk>;

/** Organizations user guide, "Declarative policies": an account cannot change settings that a policy controls. */
function requireOwnControl({ aws, account }: Call): void {
  const declared = declaredSettings(aws, account);
  if (!declared) return;
  const custom = declared.message ? ` Custom Message: ${declared.message}` : "";
  throw new AwsError(
    "OperationNotPermitted",
    `This functionality has been disabled by a Declarative Policy.${custom}`,
    { status: 403 },
  );
}
