import { allow, policy, trust } from "../../../policy.ts";
import { answered, type FactoryCall, ofService, PRESENT, refused } from "../factory-call.ts";

const RoleName = "asked-about";
const PolicySourceArn = `arn:aws:iam::111122223333:role/${RoleName}`;
const AssumeRolePolicyDocument = trust({ Service: "ec2.amazonaws.com" });
const PolicyDocument = policy(allow("s3:Get*", "arn:aws:s3:::images/*"));
const asked = { ActionNames: ["s3:GetObject"], ResourceArns: ["arn:aws:s3:::images/1"] };

/** Requests about an account before a deployment. */
export const ACCOUNT_CALLS: readonly FactoryCall[] = ofService("iam", [
  answered("CreateRole", { RoleName, AssumeRolePolicyDocument }),
  answered("PutRolePolicy", { RoleName, PolicyName: "reads", PolicyDocument }),
  answered("SimulatePrincipalPolicy", { PolicySourceArn, ...asked }).says({
    "EvaluationResults.0.EvalDecision": "allowed",
    "EvaluationResults.0.EvalActionName": "s3:GetObject",
  }),
  answered("SimulatePrincipalPolicy", { PolicySourceArn, ActionNames: ["s3:PutObject"] }).says({
    "EvaluationResults.0.EvalDecision": "implicitDeny",
  }),
  answered("SimulateCustomPolicy", { ...asked, PolicyInputList: [PolicyDocument] }).says({
    "EvaluationResults.0.EvalDecision": "allowed",
  }),
  refused("SimulatePrincipalPolicy", { ...asked, PolicySourceArn: "arn:aws:iam::111122223333:role/none" }).with(
    "404 NoSuchEntity (NoSuchEntityException): The entity with arn arn:aws:iam::111122223333:role/none cannot be found.",
  ),
  answered("servicequotas:ListServiceQuotas", { ServiceCode: "lambda" }).says({
    "Quotas.0.QuotaName": "Concurrent executions",
    "Quotas.0.Value": 1000,
  }),
  answered("servicequotas:GetServiceQuota", { ServiceCode: "lambda", QuotaCode: "L-B99A9384" }).says({
    "Quota.QuotaName": "Concurrent executions",
  }),
  refused("servicequotas:GetServiceQuota", { ServiceCode: "lambda", QuotaCode: "L-0" }).with(
    "400 NoSuchResourceException: The specified resource does not exist.",
  ),
  answered("lambda:GetAccountSettings").says({ "AccountLimit.ConcurrentExecutions": 1000 }),
  answered("ec2:GetEbsDefaultKmsKeyId").says({ KmsKeyId: "alias/aws/ebs" }),
  refused("ec2:ModifyEbsDefaultKmsKeyId", { KmsKeyId: "alias/none" }).with("400 NotFoundException: alias/none"),
  answered("monitoring:DescribeAlarmHistory").says({ AlarmHistoryItems: PRESENT }),
  refused("inspector2:GetDelegatedAdminAccount").with("404 ResourceNotFoundException: No delegated administrator"),
]);
