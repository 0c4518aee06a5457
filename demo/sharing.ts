import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Blueprint } from "embedded-aws/deploy";
import { mirrorParameter } from "../core/names.ts";
import { ORGANIZATIONS_REGION } from "../core/organization/management-side.ts";
import type { RunningFactory } from "../local/boot/boot-factory.ts";
import { asAccount } from "../local/boot/client-options.ts";
import type { PlannedEvent } from "../local/story/timeline.ts";
import { joining, keyFix, slip } from "./story.ts";

/** What consumers see of the account that joined. */
export interface Sharing {
  /** The account that joined. */
  joined?: string;
  /** By region, its copy of a channel's parameter an hour after it joined. */
  copied?: Readonly<Record<string, string | undefined>>;
}

const MINUTE = 60_000;

/** A channel that is shared with every account. */
const COPIED = { image: "al2023-base", channel: "stable" };

/** An account joins; a key policy loses a statement, which is restored. @param sharing filled in during the month */
export function sharingEvents(sharing: Sharing): PlannedEvent[] {
  let moveIn: (() => Promise<string>) | undefined;
  let putBack: (() => Promise<void>) | undefined;
  return [
    {
      at: joining.at,
      async act(running) {
        moveIn = await openAccount(running);
      },
    },
    {
      at: joining.at + MINUTE,
      async act() {
        const joined = await moveIn?.();
        if (joined) sharing.joined = joined;
      },
    },
    {
      at: joining.at + 61 * MINUTE,
      async act(running) {
        if (sharing.joined) sharing.copied = await readCopies(running, sharing.joined);
      },
    },
    {
      at: slip.at,
      async act(running) {
        putBack = await takeStatement(running);
      },
    },
    {
      at: keyFix.at,
      async act(running) {
        await putBack?.();
        await promoteAgain(running);
      },
    },
  ];
}

/** The same as `amint promote`; does nothing if no promotion of the image failed. */
async function promoteAgain({ events, send }: RunningFactory): Promise<void> {
  const { image, by, reason } = keyFix;
  const failed = events.findLast(
    ({ detailType, detail }) => detailType === "promotion.failed" && detail.image === image,
  );
  if (failed) await send("promote-build", { image, build: failed.detail.build, by, reason });
}

/** The parameter as the account itself reads it, in each region. */
async function readCopies({ options, factory }: RunningFactory, account: string) {
  const Name = mirrorParameter(factory.name, COPIED.image, COPIED.channel);
  const copies = factory.regions.map(async (region) => {
    const ssm = new SSMClient(asAccount(options, account, region));
    const found = await ssm.send(new GetParameterCommand({ Name })).catch(() => undefined);
    return [region, found?.Parameter?.Value] as const;
  });
  return Object.fromEntries(await Promise.all(copies));
}

/** Requests an account from Organizations. @returns moves it into its OU once it exists; returns its id */
async function openAccount({ options, factory }: RunningFactory): Promise<() => Promise<string>> {
  const { organization } = factory;
  const organizations = new OrganizationsClient(
    asAccount(options, organization.managementAccountId, ORGANIZATIONS_REGION),
  );
  const { name: AccountName, email: Email, unit: DestinationParentId } = joining;
  const { CreateAccountStatus: asked } = await organizations.send(new CreateAccountCommand({ AccountName, Email }));
  return async () => {
    const { CreateAccountStatus: made } = await organizations.send(
      new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: asked?.Id }),
    );
    const AccountId = made?.AccountId ?? "";
    const SourceParentId = organization.rootId;
    await organizations.send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }));
    return AccountId;
  };
}

interface Policy {
  readonly Statement: readonly { readonly Sid?: string }[];
}

/** Removes a statement from a region's key policy, as an administrator would in the console. @returns restores it */
async function takeStatement({ options, blueprint }: RunningFactory): Promise<() => Promise<void>> {
  const kms = new KMSClient({ ...options, region: slip.region });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: aliasIn(blueprint, slip.region) }));
  const KeyId = KeyMetadata?.KeyId;
  const { Policy: before = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const policy: Policy = JSON.parse(before);
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== slip.statement);
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify({ ...policy, Statement }) }));
  return async () => {
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: before }));
  };
}

const aliasIn = ({ resources }: Blueprint, region: string): string => {
  const alias = resources.find((one) => one.type === "aws:kms/alias:Alias" && one.region === region);
  return String(alias?.inputs.name);
};
