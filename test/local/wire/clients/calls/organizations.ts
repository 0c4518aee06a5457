import { answered, type FactoryCall, PRESENT, refused } from "../factory-call.ts";

const root = "r-exam";
const unit = "ou-exam-workload1";
const account = "222233334444";

export const ORGANIZATIONS_CALLS: readonly FactoryCall[] = [
  answered(
    "organizations:DescribeOrganization",
    {},
    {
      "Organization.Id": "o-exampleorg1",
      "Organization.MasterAccountId": "111122223333",
    },
  ),
  answered("organizations:ListRoots", {}, { "Roots.0.Id": root }),
  answered("organizations:ListOrganizationalUnitsForParent", { ParentId: root }, { "OrganizationalUnits.0.Id": unit }),
  answered(
    "organizations:DescribeOrganizationalUnit",
    { OrganizationalUnitId: unit },
    {
      "OrganizationalUnit.Name": "workloads",
    },
  ),
  refused(
    "organizations:DescribeOrganizationalUnit",
    { OrganizationalUnitId: "ou-exam-none0000" },
    {
      code: "OrganizationalUnitNotFoundException",
      status: 400,
      message: "You specified an organizational unit that doesn't exist.",
    },
  ),
  answered("organizations:ListAccounts", {}, { "Accounts.1.Id": account, "Accounts.1.Status": "ACTIVE" }),
  answered("organizations:DescribeAccount", { AccountId: account }, { "Account.JoinedTimestamp": PRESENT }),
  refused(
    "organizations:DescribeAccount",
    { AccountId: "555566667777" },
    {
      code: "AccountNotFoundException",
      status: 400,
      message: "You specified an account that doesn't exist.",
    },
  ),
  answered("organizations:ListAccountsForParent", { ParentId: unit }, { "Accounts.0.Id": account }),
  refused(
    "organizations:ListAccountsForParent",
    { ParentId: "ou-exam-none0000" },
    {
      code: "ParentNotFoundException",
      status: 400,
      message: "You specified parent that doesn't exist.",
    },
  ),
  answered(
    "organizations:ListChildren",
    { ParentId: unit, ChildType: "ACCOUNT" },
    {
      Children: [{ Id: account, Type: "ACCOUNT" }],
    },
  ),
  answered("organizations:ListParents", { ChildId: account }, { Parents: [{ Id: unit, Type: "ORGANIZATIONAL_UNIT" }] }),
  refused(
    "organizations:ListParents",
    { ChildId: "555566667777" },
    {
      code: "ChildNotFoundException",
      status: 400,
      message: "You specified a child that doesn't exist.",
    },
  ),
  answered("organizations:ListTagsForResource", { ResourceId: account }, { Tags: [] }),
  answered("organizations:MoveAccount", {
    AccountId: account,
    SourceParentId: unit,
    DestinationParentId: "ou-exam-suspended",
  }),
  refused(
    "organizations:MoveAccount",
    { AccountId: account, SourceParentId: unit, DestinationParentId: "ou-exam-suspended" },
    {
      code: "SourceParentNotFoundException",
      status: 400,
      message: "You specified a source parent that doesn't contain the account.",
    },
  ),
];
