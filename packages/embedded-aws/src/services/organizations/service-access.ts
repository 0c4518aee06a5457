import type * as Sdk from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { ownOrganization } from "./caller.ts";
import { invalidInput, needsAllFeatures } from "./refusals.ts";
import { servicePrincipalContext } from "./resources.ts";
import { TRUSTED_SERVICES } from "./trusted-services.ts";

export const operations = {
  EnableAWSServiceAccess: {
    authorize: ({ ServicePrincipal }) => [{ context: servicePrincipalContext(ServicePrincipal) }],
    run({ ServicePrincipal }, call) {
      const { featureSet, trusted } = ownOrganization(call);
      if (featureSet !== "ALL") throw needsAllFeatures();
      const principal = requireService(ServicePrincipal);
      if (!trusted.has(principal)) trusted.set(principal, new Date(call.aws.clock.now()));
      return {};
    },
  },
  DisableAWSServiceAccess: {
    authorize: ({ ServicePrincipal }) => [{ context: servicePrincipalContext(ServicePrincipal) }],
    run({ ServicePrincipal }, call) {
      ownOrganization(call).trusted.delete(requireService(ServicePrincipal));
      return {};
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
} satisfies Operations<typeof Sdk>;

/** @throws InvalidInputException UNRECOGNIZED_SERVICE_PRINCIPAL */
export function requireService(principal = ""): string {
  if (TRUSTED_SERVICES.has(principal)) return principal;
  throw invalidInput("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.");
}
