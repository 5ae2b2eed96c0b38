export * from '@azure/msal-node';
