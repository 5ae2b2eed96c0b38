/**
 * MSAL as one file. As ES modules it is 120 files, which take 0.1 CPU s more of every start to load; Node takes those for any `import` of the
 * package, and the one file for a `require`.
 */

module.exports = require('@azure/msal-node');
