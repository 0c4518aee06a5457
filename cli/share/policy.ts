import { Command, Option } from "commander";
import { type AllowedImagesMode, allowedImagesPolicy, allowedImagesSetting } from "../../core/share/allowed-images.ts";
import { callerAccount, toAccount } from "../command/accounts.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson } from "../command/print.ts";

interface Options {
  readonly mode: AllowedImagesMode;
  readonly accountSetting?: true;
  readonly account?: string;
  readonly channel?: readonly string[];
}

/** `amint policy`: policies for the organization. */
export const policyCommand = (): Command =>
  new Command("policy").description("print policies for the organization's owners to attach").addCommand(
    new Command("allowed-images")
      .description("print a policy that lets accounts launch only the factory's AMIs")
      .addOption(
        new Option("--mode <mode>", "only report AMIs that are not allowed, or block them")
          .choices(["audit", "enabled"])
          .default("audit"),
      )
      .option(
        "--account-setting",
        "print a setting for one account and region, which can also require channels' watermarks",
      )
      .option("--channel <names...>", "channels whose watermarks the account setting requires (default: all)")
      .option("--account <id>", "the factory's account (default: that of the current credentials)", toAccount)
      .action(allowedImages),
  );

async function allowedImages({ mode, accountSetting, account: given, channel }: Options): Promise<void> {
  const factory = await loadFactory();
  const account = given ?? (await callerAccount(factory.buildRegion));
  const all = new Set(Object.values(factory.images).flatMap(({ channels }) => channels.map(({ name }) => name)));
  const unknown = channel?.find((name) => !all.has(name));
  if (unknown !== undefined) throw new NoSuchChannel(unknown, [...all]);
  const printed = accountSetting
    ? allowedImagesSetting(factory, account, channel ?? [...all])
    : allowedImagesPolicy(factory, account, mode);
  printJson(printed, 2);
  // On standard error, so that the policy can be redirected to a file.
  const how = accountSetting ? howToSet(mode) : howToAttach(mode);
  printFound([...how, ...limits(mode)], (lines) => lines, process.stderr);
}

const howToAttach = (mode: AllowedImagesMode): string[] => [
  "\nIn the organization's management account, with the policy in policy.json:",
  '\n  aws organizations create-policy --type DECLARATIVE_POLICY_EC2 --name allowed-images --description "" \\',
  "    --content file://policy.json",
  "  aws organizations attach-policy --policy-id <its id> --target-id <root, OU or account>",
  ...(mode === "audit"
    ? ["\nLater, when no required AMI is reported: amint policy allowed-images --mode enabled"]
    : []),
];

const howToSet = (mode: AllowedImagesMode): string[] => [
  "\nIn each account and region, with the setting in setting.json:",
  "\n  aws ec2 replace-image-criteria-in-allowed-images-settings --cli-input-json file://setting.json",
  `  aws ec2 enable-allowed-images-settings --allowed-images-settings-state ${mode === "audit" ? "audit-mode" : "enabled"}`,
];

/** Limits to know before attaching it. */
const limits = (mode: AllowedImagesMode): string[] => [
  "\nAn account's own AMIs are never restricted: users who can create or copy an AMI there can launch it.",
  mode === "audit"
    ? "Audit mode blocks nothing: DescribeImages shows for each AMI whether it would be allowed."
    : "In enabled mode no other account's AMIs can be found or launched, including Amazon's (for EKS, ECS, Batch, ...) and the Marketplace's.",
  "To allow more, add criteria; an AMI must meet one of them.\n",
];

class NoSuchChannel extends Error {
  override readonly name = "NoSuchChannel";

  constructor(channel: string, all: readonly string[]) {
    super(`--channel: no image has a channel "${channel}"; valid are ${all.join(", ")}.`);
  }
}
