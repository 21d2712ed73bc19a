"""What the commands of classifiers share: options, configuration files, data and tables."""
