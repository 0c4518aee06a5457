import type * as Sdk from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import published from "./published.json" with { type: "json" };
import { accountIn, accountResources, ownOrganization, servicePrincipalContext } from "./resources.ts";
import { constraintViolation, invalidInput, needsAllFeatures, type Organization, refusal } from "./state.ts";

/**
 * Service principals that support trusted access (Organizations user guide, "AWS services that you can use with AWS
 * Organizations", as of 2026; not complete, because AWS often adds services).
 */
const TRUSTED_SERVICES: ReadonlySet<string> = new Set(published.trustedServices);

export const operations = {
  EnableAWSServiceAccess: {
    authorize: ({ ServicePrincipal }) => [{ context: servicePrincipalContext(ServicePrincipal) }],
    run({ ServicePrincipal }, call) {
      const { featureSet, trusted } = ownOrganization(call);
      if (featureSet !== "ALL") throw needsAllFeatures();
      const principal = requireService(ServicePrincipal);
      if (!trusted.has(principal)) trusted.set(principal, new Date(call.aws.clock.now()));
    },
  },
  DisableAWSServiceAccess: {
    authorize: ({ ServicePrincipal }) => [{ context: servicePrincipalContext(ServicePrincipal) }],
    run({ ServicePrincipal }, call) {
      ownOrganization(call).trusted.delete(requireService(ServicePrincipal));
    },
  },
  ListAWSServiceAccessForOrganization: {
    list: "EnabledServicePrincipals",
    run(_input, call) {
      const trusted = [...ownOrganization(call).trusted];
      const enabled = trusted.map(([ServicePrincipal, DateEnabled]) => ({ ServicePrincipal, DateEnabled }));
      return { EnabledServicePrincipals: enabled };
    },
  },
  RegisterDelegatedAdministrator: {
    authorize: ({ AccountId, ServicePrincipal }, call) =>
      accountResources(call, AccountId, servicePrincipalContext(ServicePrincipal)),
    run({ AccountId, ServicePrincipal }, call) {
      const organization = ownOrganization(call);
      if (organization.featureSet !== "ALL") throw needsAllFeatures();
      const account = accountIn(organization, AccountId);
      const principal = requireService(ServicePrincipal);
      if (account.id === organization.managementAccount) {
        throw constraintViolation(
          "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
          "You can't register the management account as a delegated administrator for your organization.",
        );
      }
      if (account.status !== "ACTIVE") {
        throw constraintViolation(
          "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
          "You can't register a suspended account as a delegated administrator.",
        );
      }
      if (!organization.trusted.has(principal)) {
        throw constraintViolation(
          "SERVICE_ACCESS_NOT_ENABLED",
          "You attempted to register a delegated administrator before you enabled service access.",
        );
      }
      const services = organization.delegated.get(account.id) ?? new Map<string, Date>();
      if (services.has(principal)) {
        throw refusal(
          "AccountAlreadyRegisteredException",
          "The provided account is already a delegated administrator for your organization.",
        );
      }
      organization.delegated.set(account.id, services.set(principal, new Date(call.aws.clock.now())));
    },
  },
  DeregisterDelegatedAdministrator: {
    authorize: ({ AccountId, ServicePrincipal }, call) =>
      accountResources(call, AccountId, servicePrincipalContext(ServicePrincipal)),
    run({ AccountId, ServicePrincipal }, call) {
      const organization = ownOrganization(call);
      const account = accountIn(organization, AccountId);
      const services = servicesOf(organization, account.id);
      if (!services.delete(requireService(ServicePrincipal))) throw notRegistered();
      if (services.size === 0) organization.delegated.delete(account.id);
    },
  },
  ListDelegatedAdministrators: {
    list: "DelegatedAdministrators",
    authorize: ({ ServicePrincipal }) => [{ context: servicePrincipalContext(ServicePrincipal) }],
    run({ ServicePrincipal }, call) {
      const organization = ownOrganization(call);
      if (ServicePrincipal !== undefined) requireService(ServicePrincipal);
      const all = [...organization.delegated].filter(
        ([, services]) => ServicePrincipal === undefined || services.has(ServicePrincipal),
      );
      return { DelegatedAdministrators: all.map(([id, services]) => toAdministrator(organization, id, services)) };
    },
  },
  ListDelegatedServicesForAccount: {
    list: "DelegatedServices",
    authorize: ({ AccountId }, call) => accountResources(call, AccountId),
    run({ AccountId }, call) {
      const organization = ownOrganization(call);
      const services = [...servicesOf(organization, accountIn(organization, AccountId).id)];
      return {
        DelegatedServices: services.map(([ServicePrincipal, DelegationEnabledDate]) => ({
          ServicePrincipal,
          DelegationEnabledDate,
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws InvalidInputException UNRECOGNIZED_SERVICE_PRINCIPAL */
function requireService(principal = ""): string {
  if (TRUSTED_SERVICES.has(principal)) return principal;
  throw invalidInput("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.");
}

function servicesOf({ delegated }: Organization, account: string): Map<string, Date> {
  const services = delegated.get(account);
  if (services) return services;
  throw notRegistered();
}

const notRegistered = () =>
  refusal(
    "AccountNotRegisteredException",
    "The provided account is not a registered delegated administrator for your organization.",
  );

function toAdministrator(
  organization: Organization,
  id: string,
  services: ReadonlyMap<string, Date>,
): Sdk.DelegatedAdministrator {
  const account = accountIn(organization, id);
  const [since] = [...services.values()].sort((one, other) => one.getTime() - other.getTime());
  return {
    Id: account.id,
    Arn: account.arn,
    Name: account.name,
    Email: account.email,
    Status: account.status,
    State: account.status,
    JoinedMethod: account.joined,
    JoinedTimestamp: account.joinedAt,
    DelegationEnabledDate: since,
  };
}
