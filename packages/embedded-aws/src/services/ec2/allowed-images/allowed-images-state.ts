import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { defineState } from "../../../engine/state.ts";
import { declaredSettings } from "./declared-settings.ts";
import type { AllowedImagesSettings } from "./kept-settings.ts";

const definition = defineState<{ settings: AllowedImagesSettings }>("ec2.allowed-images", () => ({
  settings: { mode: "disabled", criteria: [] },
}));

/** What the account itself has set. */
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

/** What holds: a declarative policy's settings in every region, else the account's own. */
export const settingsOf = (aws: EmbeddedAws, account: string, region: string): AllowedImagesSettings =>
  declaredSettings(aws, account)?.settings ?? ownSettings(aws, account, region);
