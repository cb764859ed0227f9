using Countersign.Cascade.Money;
using Microsoft.Extensions.AI;

namespace Countersign.Cascade.ChatClients;

/// <summary>A deployment that is an <see cref="IChatClient"/>.</summary>
/// <param name="Client">Who answers. Not disposed here.</param>
/// <param name="Model">The model asked for; <c>null</c>: the client's own.</param>
/// <param name="Price">What it charges; <c>null</c>: unknown.</param>
/// <param name="MaxOutputTokens">The most output tokens of an attempt that sets no limit of its own, where money is capped.</param>
public sealed record ChatClientDeployment(IChatClient Client, string? Model = null, Price? Price = null, int MaxOutputTokens = 8192);
