/** The grants of roles, the grants that were used, and the requests that were denied. */
export { type Denial, onDenied } from "./src/authorization/denial.ts";
export { matchesAction, matchesArn, matchesPattern } from "./src/authorization/match-pattern.ts";
export { type RoleGrant, roleGrants, unusedGrants } from "./src/authorization/role-grants.ts";
