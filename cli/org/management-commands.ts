import { ORGANIZATIONS_REGION, trustedServices } from "../../core/share/management-side.ts";

/** A command for the management account, and why it is needed. */
export interface ManagementCommand {
  readonly why: string;
  readonly command: string;
}

/**
 * What CloudFormation has no resource for: trust in services, and the delegation to the factory's account, which takes
 * that trust. The delegation is refused when it is there already; the others can be run again.
 * @param stackSets whether the factory puts a role into consumers' accounts
 */
export const managementCommands = (factoryAccount: string, stackSets: boolean): readonly ManagementCommand[] => [
  {
    why: "RAM shares channels' parameters with units and the organization, without invitations",
    command: `aws ram enable-sharing-with-aws-organization --region ${ORGANIZATIONS_REGION}`,
  },
  ...(stackSets
    ? [
        {
          why: "StackSets may put the consumer role into accounts",
          // Trust by Organizations' own API would leave out the roles that StackSets makes.
          command: `aws cloudformation activate-organizations-access --region ${ORGANIZATIONS_REGION}`,
        },
        {
          why: "the factory's account deploys that role",
          command:
            `aws organizations register-delegated-administrator --account-id ${factoryAccount} ` +
            `--service-principal ${trustedServices.stackSets}`,
        },
      ]
    : []),
];

/** How the template is deployed. */
export const deployCommand = (file: string, stack: string): string =>
  `aws cloudformation deploy --region ${ORGANIZATIONS_REGION} --stack-name ${stack} --template-file ${file} ` +
  "--capabilities CAPABILITY_NAMED_IAM";
