import { Port, Peer, SecurityGroup, Subnet, Vpc, type ISecurityGroup, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Settings } from './settings.ts';

/** The account's VPC and subnets, as the settings name them. */
export interface NetworkProps {
  readonly vpc: NonNullable<Settings['vpc']>;
}

/** The functions' subnets and security group in a VPC of the account: HTTPS out, nothing in. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;

  constructor(scope: Construct, id: string, { vpc }: NetworkProps) {
    super(scope, id);
    // Nothing is looked up, so that synthesis works offline; the zones are of no consequence to a function.
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: vpc.id, availabilityZones: ['unknown'] });
    const subnets = vpc.subnetIds.map((subnetId, index) => Subnet.fromSubnetId(this, `Subnet${String(index)}`, subnetId));
    for (const subnet of subnets) acknowledge(subnet, { '@aws-cdk/aws-ec2:noSubnetRouteTableId': noRoutes });
    this.subnets = { subnets };
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'm365-audit-lake functions: HTTPS to Microsoft and AWS',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Microsoft and AWS');
    this.securityGroup = securityGroup;
  }
}

const noRoutes = 'The functions are placed in the subnet and nothing of the stack reads or changes its routes.';
