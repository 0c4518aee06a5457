import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Call, Operations } from "../../../engine/operation.ts";
import { setOwnSettings, settingsOf } from "./allowed-images-state.ts";
import { requireValidCriteria } from "./check-criteria.ts";
import { declaredSettings } from "./declared-settings.ts";

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
  /** The criteria stay, and hold again once it is enabled. */
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

/** Organizations user guide, "Declarative policies": nobody in the account changes what a policy sets. */
function requireOwnControl({ aws, account }: Call): void {
  const declared = declaredSettings(aws, account);
  if (!declared) return;
  const custom = declared.message ? ` Custom Message: ${declared.message}` : "";
  throw new AwsError(
    "OperationNotPermitted",
    `This functionality has been disabled by a Declarative Policy.${custom}`,
    {
      status: 403,
    },
  );
}
