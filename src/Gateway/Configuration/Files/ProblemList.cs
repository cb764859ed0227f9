namespace Countersign.Gateway.Configuration.Files;

/// <summary>Collects what is wrong with a file.</summary>
internal sealed class ProblemList
{
    private readonly List<ConfigurationProblem> problems = [];

    public int Count => problems.Count;

    /// <summary>Everything that was found, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationProblem> InOrder() => [.. problems.OrderBy(problem => problem.Place.Line).ThenBy(problem => problem.Place.Column)];

    public void Add(FilePlace place, string path, string message, string remedy) => problems.Add(new ConfigurationProblem(place, path, message, remedy));

    public void Add(ConfigNode node, string message, string remedy) => Add(node.Place, node.Path.Text, message, remedy);
}
