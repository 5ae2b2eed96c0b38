/** What is asked of the token endpoint, and why it is refused. */

/** An AADSTS code, and what the request named wrongly. */
export interface Refused {
  readonly code: number;
  readonly named: string;
}

/** A token request, and where it came in. */
export interface TokenRequest {
  readonly form: URLSearchParams;
  /** The endpoint as Microsoft names it: assertions are made out to it. */
  readonly endpoint: string;
  readonly tenantName: string;
  readonly authority: string;
}
