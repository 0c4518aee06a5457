import { answered, type FactoryCall, refused } from "../factory-call.ts";

const Name = "/imagebuilder/amint/base/stable";
const parameter = { ResourceType: "Parameter", ResourceId: Name };
const gone = { code: "ParameterNotFound", status: 400 };

export const PARAMETER_CALLS: readonly FactoryCall[] = [
  answered("ssm:PutParameter", { Name, Value: "ami-1", Type: "String" }, { Version: 1 }),
  refused(
    "ssm:PutParameter",
    { Name, Value: "ami-2", Type: "String" },
    {
      code: "ParameterAlreadyExists",
      status: 400,
      message:
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    },
  ),
  refused(
    "ssm:PutParameter",
    { Name, Value: "v", Type: "Text" },
    {
      code: "ValidationException",
      status: 400,
      message: "Member must satisfy enum value set: [",
    },
  ),
  answered("ssm:PutParameter", { Name, Value: "ami-2 <é>", Overwrite: true }, { Version: 2 }),
  answered(
    "ssm:LabelParameterVersion",
    { Name, ParameterVersion: 1, Labels: ["good", "1bad"] },
    { InvalidLabels: ["1bad"] },
  ),
  answered("ssm:GetParameter", { Name }, { "Parameter.Value": "ami-2 <é>" }),
  answered("ssm:GetParameter", { Name: `${Name}:good` }, { "Parameter.Value": "ami-1", "Parameter.Selector": ":good" }),
  refused("ssm:GetParameter", { Name: `${Name}:7` }, { code: "ParameterVersionNotFound", status: 400 }),
  answered(
    "ssm:GetParameters",
    { Names: [Name, "/none"] },
    {
      "Parameters.0.Version": 2,
      InvalidParameters: ["/none"],
    },
  ),
  answered("ssm:GetParametersByPath", { Path: "/imagebuilder", Recursive: true }, { "Parameters.0.Name": Name }),
  answered("ssm:GetParameterHistory", { Name }, { "Parameters.0.Labels": ["good"], "Parameters.1.Version": 2 }),
  refused("ssm:GetParameterHistory", { Name: "/none" }, gone),
  answered("ssm:UnlabelParameterVersion", { Name, ParameterVersion: 1, Labels: ["good"] }, { RemovedLabels: ["good"] }),
  answered(
    "ssm:DescribeParameters",
    { ParameterFilters: [{ Key: "Name", Option: "BeginsWith", Values: ["/imagebuilder"] }] },
    { "Parameters.0.Version": 2 },
  ),
  answered("ssm:AddTagsToResource", { ...parameter, Tags: [{ Key: "team", Value: "images" }] }),
  answered("ssm:ListTagsForResource", parameter, { TagList: [{ Key: "team", Value: "images" }] }),
  answered("ssm:RemoveTagsFromResource", { ...parameter, TagKeys: ["team"] }),
  refused("ssm:ListTagsForResource", { ...parameter, ResourceId: "/none" }, { code: "InvalidResourceId", status: 400 }),
  answered("ssm:DeleteParameter", { Name }),
  refused("ssm:GetParameter", { Name }, gone),
  refused("ssm:DeleteParameter", { Name }, gone),
  answered("ssm:DeleteParameters", { Names: [Name] }, { InvalidParameters: [Name] }),
];
